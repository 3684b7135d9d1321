using FnLb.Core.Nodes;

namespace FnLb.Core.Routing;

/// <summary>What a load balancer has learned of one node.</summary>
public sealed record NodeSurvey
{
    public required Node Node { get; init; }

    /// <summary>Effective weight now.</summary>
    public required double Weight { get; init; }

    /// <summary>Calls at once up to which the node starts them without delay, as learned.</summary>
    public required double Limit { get; init; }

    /// <summary>
    /// The limit was reached once, and calls waited: below it there is room, above it there is none. Else there is room
    /// up to it at least.
    /// </summary>
    public required bool IsLimitKnown { get; init; }

    /// <summary>Recent share of calls that queued at the node, 0 to 1.</summary>
    public required double QueuedShare { get; init; }

    /// <summary>Whether its answers say how long calls waited.</summary>
    public required bool SendsWait { get; init; }

    /// <summary>Containers that are taken to be warm there, over all functions; 0 when they were not counted.</summary>
    public int WarmContainers { get; init; }

    /// <summary>Functions that are taken to have a warm container there; 0 when they were not counted.</summary>
    public int WarmFunctions { get; init; }
}
