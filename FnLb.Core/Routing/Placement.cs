using FnLb.Core.Nodes;

namespace FnLb.Core.Routing;

/// <summary>
/// One call's node and why; counted in flight from <see cref="Router.Place"/> until <see cref="Router.Release"/>.
/// </summary>
/// <param name="Node">Null when <paramref name="Reason"/> is None.</param>
public readonly record struct Placement(Node? Node, PlacementReason Reason);
