using FnLb.Core.Nodes;

namespace FnLb.Core.Routing;

/// <summary>
/// What the removal of a node would move, as far as one load balancer's traffic of the last minute tells.
/// </summary>
public sealed record RemovalForecast
{
    /// <summary>Functions that were called lately, on any node.</summary>
    public required int FunctionsKnown { get; init; }

    /// <summary>Of all recent calls, those that would move; 0 to 1.</summary>
    public required double TrafficShare { get; init; }

    /// <summary>Containers that would have to be started elsewhere.</summary>
    public required int ColdStarts { get; init; }

    /// <summary>Functions that would move, those with the most calls first.</summary>
    public required IReadOnlyList<MovedRoute> Moved { get; init; }

    internal static RemovalForecast Of(Node node, NodeRing ring, FunctionTable functions, int window)
    {
        int removed = Array.FindIndex(ring.Loads, load => load.Node == node);
        List<MovedRoute> moved = [];
        int known = 0;
        double allCalls = 0;
        foreach (FunctionLoad function in functions.All())
        {
            RankedSlot[] slots = function.Snapshot();
            double calls = slots.Sum(slot => slot.RecentCalls(window));
            if (calls < 1)
            {
                continue;
            }

            known++;
            allCalls += calls;
            if (removed >= 0 && MovedOf(function.Route, slots, ring, removed, window) is { } route)
            {
                moved.Add(route);
            }
        }

        return new RemovalForecast
        {
            FunctionsKnown = known,
            TrafficShare = moved.Sum(route => route.TrafficShare) / double.Max(allCalls, 1),
            ColdStarts = moved.Sum(route => route.ColdStarts),
            Moved = [.. moved.Select(route => route with { TrafficShare = route.TrafficShare / allCalls })
                .OrderByDescending(route => route.TrafficShare)],
        };
    }

    // TrafficShare is in calls until all are known. What is warm and idle on other nodes takes over without a start.
    private static MovedRoute? MovedOf(RouteKey route, RankedSlot[] slots, NodeRing ring, int removed, int window)
    {
        int id = ring.Loads[removed].Id;
        RankedSlot there = slots.FirstOrDefault(slot => slot.NodeId == id);
        double calls = there.RecentCalls(window);
        int warm = int.Max(there.Warm(window), there.InFlight);
        if (calls < 0.5 && warm == 0)
        {
            return null;
        }

        int spare = slots.Where(slot => slot.NodeId != id).Sum(slot => int.Max(slot.Warm(window) - slot.InFlight, 0));
        return new MovedRoute(route, calls, int.Max(int.Max(warm, 1) - spare, 0), NextHome(route, ring, removed));
    }

    private static Node? NextHome(RouteKey route, NodeRing ring, int removed)
    {
        int[] order = new int[ring.Count];
        ring.SelectRanks(route, order);
        return order.Where(index => index != removed && ring.Loads[index].Node.IsPlaceable)
            .Select(index => ring.Loads[index].Node)
            .FirstOrDefault();
    }
}
