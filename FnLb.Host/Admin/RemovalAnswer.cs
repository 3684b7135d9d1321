namespace FnLb.Host.Admin;

/// <summary>What the removal of a node would move, as far as the recent traffic of this balancer tells.</summary>
internal sealed record RemovalAnswer
{
    public required string Node { get; init; }

    /// <summary>Functions that were called lately, on any node.</summary>
    public required int FunctionsKnown { get; init; }

    public required int FunctionsMoved { get; init; }

    /// <summary>Of all recent calls, those that would move; 0 to 1.</summary>
    public required double TrafficShare { get; init; }

    /// <summary>Containers that would have to be started elsewhere.</summary>
    public required int ColdStarts { get; init; }

    /// <summary>The functions that would move, those with the most calls first; at most 100.</summary>
    public required IReadOnlyList<MovedRouteAnswer> Moved { get; init; }
}
