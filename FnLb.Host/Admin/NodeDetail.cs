namespace FnLb.Host.Admin;

/// <summary>What the verbose list says of a node.</summary>
internal sealed record NodeDetail
{
    /// <summary>What checks and traffic say: unknown, online, offline or ejected.</summary>
    public required string State { get; init; }

    /// <summary>What the operator wants: active or draining.</summary>
    public required string Administrative { get; init; }

    public required double Weight { get; init; }

    /// <summary>The weight that decides now; less than <see cref="Weight"/> while the node starts slowly.</summary>
    public required double RankWeight { get; init; }

    /// <summary>Calls of this balancer that are at the node now.</summary>
    public required int InFlight { get; init; }

    /// <summary>Why the node takes no calls, or fewer than its weight; empty when neither is so.</summary>
    public required string Why { get; init; }

    /// <summary>What operators want to remember of it.</summary>
    public required string Note { get; init; }

    /// <summary>Null while nothing ever went wrong.</summary>
    public required FailureDetail? LastFailure { get; init; }
}
