namespace FnLb.Host.Admin;

/// <summary>Where a call of a function would go now, and why.</summary>
internal sealed record RouteAnswer
{
    /// <summary>Null when the route itself was asked for.</summary>
    public required string? Path { get; init; }

    /// <summary>The route key in hexadecimal; what is to be removed names routes by it.</summary>
    public required string Route { get; init; }

    /// <summary>Whether the function was called lately, so that there are estimates.</summary>
    public required bool Known { get; init; }

    /// <summary>Null when no node would take the call.</summary>
    public required string? Node { get; init; }

    public required string Reason { get; init; }

    /// <summary>The reason with the numbers that decide.</summary>
    public required string Why { get; init; }

    /// <summary>Learned time that a container takes to start; null when unknown.</summary>
    public required double? ColdMilliseconds { get; init; }

    /// <summary>Calls in flight on a node if all had the same, with one more.</summary>
    public required double MeanCalls { get; init; }

    /// <summary>All nodes, the route's home first.</summary>
    public required IReadOnlyList<RankedNodeAnswer> Nodes { get; init; }
}
