namespace FnLb.Core.Routing;

/// <summary>A function on a node.</summary>
/// <param name="Node">Place in <see cref="RoutingSnapshot.Nodes"/>.</param>
/// <param name="Containers">Estimated warm containers.</param>
/// <param name="Calls">Calls sent there lately.</param>
public readonly record struct WarmMemory(int Node, int Containers, uint Calls);
