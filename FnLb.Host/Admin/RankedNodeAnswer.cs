namespace FnLb.Host.Admin;

/// <summary>What is known of one node for one function.</summary>
internal sealed record RankedNodeAnswer
{
    public required string Node { get; init; }

    /// <summary>0 for the home.</summary>
    public required int Rank { get; init; }

    /// <summary>A call would go there now.</summary>
    public required bool Taken { get; init; }

    public required string State { get; init; }

    public required string Administrative { get; init; }

    /// <summary>Why it takes no calls, or fewer than its weight; empty when neither is so.</summary>
    public required string Why { get; init; }

    public required double RankWeight { get; init; }

    /// <summary>Containers of the function taken to be warm there.</summary>
    public required int WarmContainers { get; init; }

    /// <summary>Calls of the function that this balancer has there.</summary>
    public required int FunctionCalls { get; init; }

    /// <summary>Calls of any function that this balancer has there.</summary>
    public required int InFlight { get; init; }

    /// <summary>Calls at once that the node starts without delay, as learned; null where no wait is told.</summary>
    public required double? Limit { get; init; }

    /// <summary>For so long it is passed over because it started no call; 0 when it is not.</summary>
    public required long PassedOverMilliseconds { get; init; }
}
