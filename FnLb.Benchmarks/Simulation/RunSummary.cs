namespace FnLb.Benchmarks.Simulation;

/// <summary>What runs of one policy came to: one, or medians over the seeds, each number by itself.</summary>
internal sealed record RunSummary
{
    // A policy that turns calls away has short waits; such a run is no best one.
    private const double FailedShareMax = 0.01;

    public required double LaunchesPer100 { get; init; }

    public required double MeanWaitMilliseconds { get; init; }

    public required double P99WaitMilliseconds { get; init; }

    public required double Failures { get; init; }

    /// <summary>See <see cref="SimulationResult.Lost"/>; over HTTP they are among the failures.</summary>
    public double Lost { get; init; }

    public required double Calls { get; init; }

    public required double NodesPerFunction { get; init; }

    /// <summary>Of the first flash crowd; null when there is none.</summary>
    public required CrowdOutcome? Crowd { get; init; }

    public static RunSummary Of(Scenario scenario, SimulationResult result) => new()
    {
        LaunchesPer100 = result.LaunchesPer100,
        MeanWaitMilliseconds = result.MeanWaitMilliseconds,
        P99WaitMilliseconds = result.P99WaitMilliseconds,
        Failures = result.Failures,
        Lost = result.Lost,
        Calls = result.Calls.Count,
        NodesPerFunction = result.NodesPerFunction,
        Crowd = scenario.FlashCrowds is [FlashCrowd crowd, ..] ? CrowdOutcome.Of(crowd, result.Calls) : null,
    };

    /// <summary>The run with the shortest mean wait, if one did not fail many calls among those.</summary>
    public static RunSummary BestOf(IEnumerable<RunSummary> runs) => runs
        .OrderBy(run => run.Failures > FailedShareMax * run.Calls)
        .ThenBy(run => run.MeanWaitMilliseconds)
        .First();

    /// <param name="runs">At least one; of an even number, the upper of the two in the middle counts.</param>
    public static RunSummary MedianOf(IReadOnlyList<RunSummary> runs)
    {
        return new RunSummary
        {
            LaunchesPer100 = Median(run => run.LaunchesPer100),
            MeanWaitMilliseconds = Median(run => run.MeanWaitMilliseconds),
            P99WaitMilliseconds = Median(run => run.P99WaitMilliseconds),
            Failures = Median(run => run.Failures),
            Lost = Median(run => run.Lost),
            Calls = Median(run => run.Calls),
            NodesPerFunction = Median(run => run.NodesPerFunction),
            Crowd = runs[0].Crowd is null ? null : new CrowdOutcome(
                MedianOfCrowd(crowd => crowd.P99WaitMilliseconds),
                (int)MedianOfCrowd(crowd => crowd.NodesBefore),
                (int)MedianOfCrowd(crowd => crowd.NodesDuring),
                (int)MedianOfCrowd(crowd => crowd.NodesAfter)),
        };

        double MedianOfCrowd(Func<CrowdOutcome, double> number) => Median(run => number(run.Crowd!.Value));

        double Median(Func<RunSummary, double> number) => runs.Select(number).Order().ElementAt(runs.Count / 2);
    }
}
