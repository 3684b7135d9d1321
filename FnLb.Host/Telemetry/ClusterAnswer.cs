using FnLb.Host.Admin;

namespace FnLb.Host.Telemetry;

/// <summary>What <c>GET /1/lb/cluster</c> answers: the nodes as this balancer sees them.</summary>
/// <param name="Panic">So many nodes are out that failing ones are used.</param>
/// <param name="EvictedShare">Recent share of the calls sent to a warm container that found it gone.</param>
internal sealed record ClusterAnswer(bool Panic, double EvictedShare, IReadOnlyList<NodeView> Nodes)
{
    /// <summary>Null only where nobody asks for it.</summary>
    public Agreement? Agreement { get; init; }
}
