namespace FnLb.Core.Routing;

/// <summary>Why a call was placed where it was.</summary>
public enum PlacementReason : byte
{
    /// <summary>No node could take the call.</summary>
    None,

    /// <summary>First in the route's rank order, with room.</summary>
    Home,

    /// <summary>Every node that ranks before is out of rotation; this one is as good as home.</summary>
    NextInRank,

    /// <summary>A warm container is idle there, and none on a node that ranks before and is not busy.</summary>
    Warm,

    /// <summary>All warm containers are taken; one there should be free sooner than another could start.</summary>
    Queued,

    /// <summary>All warm containers are taken; the node has room to start one.</summary>
    Grown,

    /// <summary>No node that is warm has room by what was learned of it; this one is not above the others.</summary>
    Saturated,

    /// <summary>First in rank order whose load is not above that of the others.</summary>
    Bounded,

    /// <summary>Every node has more than its part, or was passed over for failing.</summary>
    AllOut,

    /// <summary>A first placement failed without running the call.</summary>
    Retried,

    /// <summary>No function call: it belongs to the balancer's own admin listener.</summary>
    Pinned,
}
