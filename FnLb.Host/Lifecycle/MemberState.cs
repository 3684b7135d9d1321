using FnLb.Core.Nodes;

namespace FnLb.Host.Lifecycle;

/// <summary>A node of the list, for a successor that shares no store with this process.</summary>
internal sealed record MemberState(string Address, AdministrativeState State, double Weight, string Note = "");
