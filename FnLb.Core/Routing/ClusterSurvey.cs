namespace FnLb.Core.Routing;

/// <summary>What a load balancer has learned of the cluster, for display.</summary>
public sealed record ClusterSurvey
{
    /// <summary>Share of the calls sent to a warm container that found it evicted, 0 to 1.</summary>
    public required double EvictedShare { get; init; }

    /// <summary>In the order of the ring.</summary>
    public required IReadOnlyList<NodeSurvey> Nodes { get; init; }

    internal static ClusterSurvey Of(NodeRing ring, ClusterLoad cluster) => new()
    {
        EvictedShare = cluster.EvictedShare,
        Nodes = [.. ring.Loads.Select((load, index) => new NodeSurvey
        {
            Node = load.Node,
            Weight = ring.WeightOf(index),
            Limit = load.Limit,
            IsLimitKnown = load.IsLimitKnown,
            QueuedShare = load.Miss,
            SendsWait = load.SendsWait,
        })],
    };

    /// <summary>The same with the warm containers, for which every function is looked at.</summary>
    internal ClusterSurvey WithWarm(NodeRing ring, FunctionTable functions, int window)
    {
        int[] containers = new int[ring.Count];
        int[] warm = new int[ring.Count];
        foreach (FunctionLoad function in functions.All())
        {
            function.AddWarm(ring, window, containers, warm);
        }

        return this with
        {
            Nodes = [.. Nodes.Select((node, index) =>
                node with { WarmContainers = containers[index], WarmFunctions = warm[index] })],
        };
    }
}
