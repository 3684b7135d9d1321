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

    /// <param name="row">All calls that ended in the second.</param>
    public void Add(in StatsRow row)
    {
        ClusterSurvey survey = router.Survey();
        LearnedCapacity capacity = LearnedCapacity.Of(survey);
        advisor.Add(new ScaleSample
        {
            Nodes = capacity.Nodes,
            CapacityCalls = capacity.Calls,
            IsCapacityKnown = capacity.IsKnown,
            Arrivals = Since(ref _arrivals, traffic.Read(Counter.Requests) - traffic.Read(Counter.PlacedPinned)),
            Ended = row.Calls,
            RunSeconds = double.Max(row.AtNodeSeconds - row.WaitSeconds, 0),
            WaitSeconds = row.WaitSeconds,
            InFlight = router.InFlight,
            Placements = Since(ref _placements, Placements.Sum(traffic.Read)),
            Crowded = Since(ref _crowded, Crowded.Sum(traffic.Read)),
            Waits = row.Waits,
            Cold = row.Cold,
            EvictedShare = survey.EvictedShare,
        });
    }

    private static long Since(ref long before, long now)
    {
        long difference = now - before;
        before = now;
        return difference;
    }
}
