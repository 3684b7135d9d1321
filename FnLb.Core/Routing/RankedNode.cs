using FnLb.Core.Nodes;

namespace FnLb.Core.Routing;

/// <summary>What is known of one node for one route.</summary>
public sealed record RankedNode
{
    public required Node Node { get; init; }

    /// <summary>0 for the route's home.</summary>
    public required int Rank { get; init; }

    /// <summary>The weight the order was computed with.</summary>
    public required double Weight { get; init; }

    /// <summary>Containers of the function taken to be warm there; busy ones count.</summary>
    public required int WarmContainers { get; init; }

    /// <summary>Calls of the function that this load balancer has there.</summary>
    public required int FunctionCalls { get; init; }

    /// <summary>Calls of any function that this load balancer has there.</summary>
    public required int NodeCalls { get; init; }

    /// <summary>Calls at once up to which the node starts them without delay, as learned.</summary>
    public required double Limit { get; init; }

    /// <summary>Whether its answers say how long calls waited. Without that the limit is not learned.</summary>
    public required bool SendsWait { get; init; }

    /// <summary>For so long it is passed over because it refused calls; 0 when it is not.</summary>
    public required long PenaltyMilliseconds { get; init; }

    /// <summary>Whether it takes calls at all.</summary>
    public required bool IsPlaceable { get; init; }

    /// <summary>A call would go there now.</summary>
    public required bool IsChosen { get; init; }
}
