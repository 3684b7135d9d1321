namespace FnLb.Core.Routing;

/// <summary>What a decision came to, before anything is counted.</summary>
/// <param name="NodeIndex">Place of the node in the ring; -1 when no node can take the call.</param>
/// <param name="Rank">Its slot; -1 when the function has none for it.</param>
/// <param name="Cap">The node had less than this in flight.</param>
internal readonly record struct PlacementChoice(int NodeIndex, int Rank, PlacementStep Step, double Cap)
{
    public static readonly PlacementChoice None = new(-1, -1, PlacementStep.AllOut, 0);

    public bool IsNone => NodeIndex < 0;

    /// <summary>The step in the words of whoever operates the cluster.</summary>
    public PlacementReason ReasonIn(in WarmRank decision)
    {
        if (IsNone)
        {
            return PlacementReason.None;
        }

        return Step switch
        {
            _ when decision.Tried is not null => PlacementReason.Retried,
            PlacementStep.Queue => PlacementReason.Queued,
            PlacementStep.Saturated => PlacementReason.Saturated,
            PlacementStep.AllOut => PlacementReason.AllOut,
            _ when Rank == 0 => PlacementReason.Home,
            _ when decision.IsFirstPlaceable(Rank) => PlacementReason.NextInRank,
            PlacementStep.Warm => PlacementReason.Warm,
            PlacementStep.Grow => PlacementReason.Grown,
            _ => PlacementReason.Bounded,
        };
    }
}
