using System.Diagnostics;
using FnLb.Core.Routing;
using FnLb.Core.Telemetry;

namespace FnLb.Core.Proxy;

/// <summary>Which counter counts placements of a reason.</summary>
internal static class PlacementCounter
{
    public static Counter Of(PlacementReason reason) => reason switch
    {
        PlacementReason.None => Counter.PlacedNowhere,
        PlacementReason.Home => Counter.PlacedHome,
        PlacementReason.NextInRank => Counter.PlacedNextInRank,
        PlacementReason.Warm => Counter.PlacedWarm,
        PlacementReason.Queued => Counter.PlacedQueued,
        PlacementReason.Grown => Counter.PlacedGrown,
        PlacementReason.Saturated => Counter.PlacedSaturated,
        PlacementReason.Bounded => Counter.PlacedBounded,
        PlacementReason.AllOut => Counter.PlacedAllOut,
        PlacementReason.Retried => Counter.PlacedAgain,
        PlacementReason.Pinned => Counter.PlacedPinned,
        _ => throw new UnreachableException($"No counter for {reason}."),
    };
}
