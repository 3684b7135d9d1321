using FnLb.Core.Nodes;
using FnLb.Core.Routing;
using FnLb.Core.Telemetry;

namespace FnLb.Host.Telemetry;

/// <summary>Tells the advisor what each second brought.</summary>
internal sealed class ScaleWatch(TrafficView traffic, Router router, ScaleAdvisor advisor)
{
    private static readonly Counter[] Placements =
    [
        Counter.PlacedHome, Counter.PlacedNextInRank, Counter.PlacedWarm, Counter.PlacedQueued, Counter.PlacedGrown,
        Counter.PlacedSaturated, Counter.PlacedBounded, Counter.PlacedAllOut, Counter.PlacedAgain,
    ];

    private static readonly Counter[] Crowded =
        [Counter.PlacedSaturated, Counter.PlacedBounded, Counter.PlacedAllOut, Counter.RetriesAfterBusy];

    private long _arrivals;
    private long _placements;
    private long _crowded;

    /// <param name="seconds">Those since the last; of each, all calls that ended in it.</param>
    public void Add(IReadOnlyList<StatsRow> seconds)
    {
        ClusterSurvey survey = router.Survey();
        LearnedCapacity capacity = LearnedCapacity.Of(survey);

        // Counters tell nothing of the seconds between; where some were missed, each gets its share.
        double arrivals =
            Since(ref _arrivals, traffic.Read(Counter.Requests) - traffic.Read(Counter.PlacedPinned), seconds.Count);
        double placements = Since(ref _placements, Placements.Sum(traffic.Read), seconds.Count);
        double crowded = Since(ref _crowded, Crowded.Sum(traffic.Read), seconds.Count);
        foreach (StatsRow row in seconds)
        {
            advisor.Add(new ScaleSample
            {
                Nodes = capacity.Nodes,
                CapacityCalls = capacity.Calls,
                IsCapacityKnown = capacity.IsKnown,
                Arrivals = arrivals,
                Ended = row.Calls,
                RunSeconds = double.Max(row.AtNodeSeconds - row.WaitSeconds, 0),
                WaitSeconds = row.WaitSeconds,
                InFlight = router.InFlight,
                Placements = placements,
                Crowded = crowded,
                Waits = row.Waits,
                Cold = row.Cold,
                EvictedShare = survey.EvictedShare,
            });
        }
    }

    private static double Since(ref long before, long now, int seconds)
    {
        long difference = now - before;
        before = now;
        return (double)difference / seconds;
    }
}
