using FnLb.Core.Nodes;

namespace FnLb.Core.Routing;

/// <summary>What a load balancer knows of a route, and where it would place a call now.</summary>
public sealed record RouteExplanation
{
    public required RouteKey Route { get; init; }

    /// <summary>Whether the function was called lately, so that estimates are kept for it.</summary>
    public required bool IsKnown { get; init; }

    /// <summary>Learned time that a container takes to start; null when unknown.</summary>
    public required double? ColdMilliseconds { get; init; }

    /// <summary>Learned time that a call runs; null when unknown.</summary>
    public required double? RunMilliseconds { get; init; }

    /// <summary>Calls in flight on a node if all had the same, with one more.</summary>
    public required double MeanCalls { get; init; }

    /// <summary>Share of the calls sent to a warm container that found it evicted, over all functions.</summary>
    public required double EvictedShare { get; init; }

    /// <summary>False while too many containers are evicted: functions then do not spread to further nodes.</summary>
    public required bool MaySpread { get; init; }

    /// <summary>All nodes in the route's order.</summary>
    public required IReadOnlyList<RankedNode> Nodes { get; init; }

    /// <summary>
    /// Where a call would go, with the numbers that decide; it is not counted, and must not be released.
    /// </summary>
    public required Placement Placement { get; init; }

    internal static RouteExplanation Of(
        RouteKey route,
        NodeRing ring,
        FunctionLoad? function,
        ClusterLoad cluster,
        WarmRankTuning tuning,
        long nowMilliseconds)
    {
        RankedSlot[] slots = SlotsOf(route, ring, function);
        WarmRank decision = new(route, ring, slots, function, default, cluster, tuning, nowMilliseconds);
        if (function?.IsBehind(ring) == true)
        {
            decision = decision with { HotRanks = ring.Count };
        }

        PlacementChoice choice = decision.Choose();
        return new RouteExplanation
        {
            Route = route,
            IsKnown = function is not null,
            ColdMilliseconds = function is { ColdMilliseconds: > 0 } ? function.ColdMilliseconds : null,
            RunMilliseconds = function is { RunMilliseconds: > 0 } ? function.RunMilliseconds : null,
            MeanCalls = decision.Caps.Mean,
            EvictedShare = cluster.EvictedShare,
            MaySpread = decision.MaySpread,
            Nodes = [.. slots.Select((slot, rank) => View(slot, rank, ring, nowMilliseconds, choice, tuning))],
            Placement = Describe(decision, choice, slots, ring),
        };
    }

    private static RankedSlot[] SlotsOf(RouteKey route, NodeRing ring, FunctionLoad? function)
    {
        RankedSlot[] known = function?.Snapshot() ?? [];
        int[] order = new int[ring.Count];
        ring.SelectRanks(route, order);
        RankedSlot[] slots = new RankedSlot[ring.Count];
        for (int rank = 0; rank < slots.Length; rank++)
        {
            int id = ring.Loads[order[rank]].Id;
            slots[rank].Renew(order[rank], id, epoch: 0, known.FirstOrDefault(slot => slot.NodeId == id));
        }

        return slots;
    }

    private static RankedNode View(
        RankedSlot slot, int rank, NodeRing ring, long nowMilliseconds, PlacementChoice choice, WarmRankTuning tuning)
    {
        NodeLoad load = ring.Loads[slot.NodeIndex];
        return new RankedNode
        {
            Node = load.Node,
            Rank = rank,
            Weight = ring.WeightOf(slot.NodeIndex),
            WarmContainers = slot.Warm((int)(nowMilliseconds / tuning.WindowMilliseconds)),
            FunctionCalls = slot.InFlight,
            NodeCalls = load.Node.InFlight,
            Limit = load.Limit,
            SendsWait = load.SendsWait,
            PenaltyMilliseconds = long.Max(load.PenaltyUntilMilliseconds, nowMilliseconds) - nowMilliseconds,
            IsPlaceable = load.Node.IsPlaceable,
            IsChosen = choice.NodeIndex == slot.NodeIndex,
        };
    }

    private static Placement Describe(in WarmRank decision, PlacementChoice choice, RankedSlot[] slots, NodeRing ring)
    {
        if (choice.IsNone)
        {
            return default;
        }

        Node node = ring.Loads[choice.NodeIndex].Node;
        return new Placement(node, choice.ReasonIn(decision))
        {
            Rank = choice.Rank,
            FunctionCalls = slots[choice.Rank].InFlight + 1,
            NodeCalls = node.InFlight + 1,
            WarmContainers = slots[choice.Rank].Warm(decision.Window),
            Cap = choice.Cap,
        };
    }
}
