namespace FnLb.Core.Routing;

/// <summary>What a router has learned, for the process that takes its place; worth little after a minute.</summary>
public sealed record RoutingSnapshot
{
    public IReadOnlyList<NodeMemory> Nodes { get; init; } = [];

    public IReadOnlyList<FunctionMemory> Functions { get; init; } = [];
}
