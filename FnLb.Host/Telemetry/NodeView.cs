namespace FnLb.Host.Telemetry;

/// <summary>A node as the cluster view and a dashboard show it; rates over the last 10 seconds.</summary>
internal sealed record NodeView
{
    public required string Node { get; init; }

    /// <summary>What checks and traffic say: unknown, online, offline or ejected.</summary>
    public required string State { get; init; }

    /// <summary>What the operator wants: active or draining.</summary>
    public required string Administrative { get; init; }

    /// <summary>Why the node takes no calls, or fewer than its weight; empty when neither is so.</summary>
    public required string Why { get; init; }

    /// <summary>As it counts now: less than the operator's while the node starts slowly.</summary>
    public required double Weight { get; init; }

    /// <summary>Calls of this balancer that are at the node now.</summary>
    public required int InFlight { get; init; }

    /// <summary>Calls at once up to which the node starts them without delay, as learned.</summary>
    public required double Limit { get; init; }

    /// <summary>False while the node was never full: the limit is then what it takes at the least.</summary>
    public required bool IsLimitKnown { get; init; }

    /// <summary>Recent share of the calls that queued there.</summary>
    public required double QueuedShare { get; init; }

    /// <summary>Containers taken to be warm there.</summary>
    public required int WarmContainers { get; init; }

    /// <summary>Functions taken to have a warm container there.</summary>
    public required int WarmFunctions { get; init; }

    public required double CallsPerSecond { get; init; }

    /// <summary>Its answers of 5xx.</summary>
    public required double ErrorsPerSecond { get; init; }

    /// <summary>Calls it left unanswered or answered in part.</summary>
    public required double FailuresPerSecond { get; init; }

    /// <summary>Calls it left unanswered or answered in part, since it was added.</summary>
    public required long Failures { get; init; }

    /// <summary>Median from arrival to the end of the answer, in seconds; 0 without calls.</summary>
    public required double P50 { get; init; }

    /// <inheritdoc cref="P50"/>
    public required double P99 { get; init; }

    /// <summary>Mean wait there in seconds; null where it tells none.</summary>
    public required double? WaitMean { get; init; }
}
