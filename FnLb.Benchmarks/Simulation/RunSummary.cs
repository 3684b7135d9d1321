namespace FnLb.Benchmarks.Simulation;

/// <summary>What runs of one policy came to: medians over the seeds, each number by itself.</summary>
internal sealed record RunSummary
{
    public required double LaunchesPer100 { get; init; }

    public required double MeanWaitMilliseconds { get; init; }

    public required double P99WaitMilliseconds { get; init; }

    public required double Failures { get; init; }

    public required double Calls { get; init; }

    public required double NodesPerFunction { get; init; }

    /// <summary>Of the first flash crowd, with the first seed; null when there is none.</summary>
    public required CrowdOutcome? Crowd { get; init; }

    public static RunSummary Of(Scenario scenario, IReadOnlyList<SimulationResult> results)
    {
        return new RunSummary
        {
            LaunchesPer100 = Median(result => result.LaunchesPer100),
            MeanWaitMilliseconds = Median(result => result.MeanWaitMilliseconds),
            P99WaitMilliseconds = Median(result => result.P99WaitMilliseconds),
            Failures = Median(result => result.Failures),
            Calls = Median(result => result.Calls.Count),
            NodesPerFunction = Median(result => result.NodesPerFunction),
            Crowd = scenario.FlashCrowds is [FlashCrowd crowd, ..] ? CrowdOutcome.Of(crowd, results[0].Calls) : null,
        };

        double Median(Func<SimulationResult, double> number) =>
            results.Select(number).Order().ElementAt(results.Count / 2);
    }
}
