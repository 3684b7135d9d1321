using FnLb.Core.Nodes;

namespace FnLb.Host.Lifecycle;

/// <summary>A node of the list, for a successor whose store may be away or in memory.</summary>
internal sealed record MemberState(string Address, AdministrativeState State, double Weight, string Note = "");
