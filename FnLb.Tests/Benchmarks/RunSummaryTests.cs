using FnLb.Benchmarks.Simulation;
using NUnit.Framework;

namespace FnLb.Tests.Benchmarks;

public sealed class RunSummaryTests
{
    [Test]
    public void A_median_is_that_of_each_number_over_all_runs()
    {
        RunSummary median = RunSummary.MedianOf(
        [
            Run(1, new CrowdOutcome(300, 1, 9, 2)), Run(3, new CrowdOutcome(20, 2, 5, 1)),
            Run(2, new CrowdOutcome(40, 3, 7, 3)),
        ]);

        Assert.That((median.Lost, median.MeanWaitMilliseconds), Is.EqualTo((2.0, 2.0)));
        Assert.That(median.Crowd, Is.EqualTo(new CrowdOutcome(40, 2, 7, 2)));
    }

    private static RunSummary Run(double number, CrowdOutcome crowd) => new()
    {
        LaunchesPer100 = number,
        MeanWaitMilliseconds = number,
        P99WaitMilliseconds = number,
        Failures = number,
        Lost = number,
        Calls = number,
        NodesPerFunction = number,
        Crowd = crowd,
    };
}
