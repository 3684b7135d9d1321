namespace FnLb.Core.Routing;

/// <summary>Why a call was placed where it was.</summary>
public enum PlacementReason : byte
{
    /// <summary>No node could take the call.</summary>
    None,

    /// <summary>First in the route's rank order.</summary>
    Home,

    /// <summary>The home node is out of rotation; the next in rank order took the call.</summary>
    NextInRank,

    /// <summary>A first placement failed without running the call.</summary>
    Retried,

    /// <summary>No function call: it belongs to the balancer's own admin listener.</summary>
    Pinned,
}
