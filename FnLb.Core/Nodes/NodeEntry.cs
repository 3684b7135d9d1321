namespace FnLb.Core.Nodes;

/// <summary>One node as a store keeps it: membership and what the operator asked of it.</summary>
public sealed record NodeEntry(NodeAddress Address)
{
    public AdministrativeState State { get; init; } = AdministrativeState.Active;

    /// <summary>Share of the route keys relative to other nodes; above 0, 1 by default.</summary>
    public double Weight { get; init; } = 1.0;

    /// <summary>What operators want to remember of it; nothing depends on it.</summary>
    public string Note { get; init; } = "";
}
