using System.Globalization;
using System.Text.Json;
using FnLb.Core.Routing;

namespace FnLb.Benchmarks.Simulation;

/// <summary><c>fnlb-bench simulate</c>: policies beside each other on the same arrivals, one table.</summary>
internal static class SimulateCommand
{
    private const string Usage = """
        usage: fnlb-bench simulate [--scenario TEXT] [--seeds N] [--first-seed N] [--tuning JSON]...

          --scenario TEXT   scenarios whose name contains the text, or one of several texts with "+" between (all)
          --seeds N         runs of each, of which the table shows the medians (1)
          --first-seed N    of these runs (1)
          --tuning JSON     other constants to compare with, such as {"Comfort":0.7,"LimitStart":16}

        Lost are the calls that were on a node when it was killed, as POSTs would be; nobody places them again.
        Ratios are to the bounded-load run with the lowest mean wait of each scenario.
        """;

    public static int Run(string[] args)
    {
        string[] filters = [""];
        int seeds = 1;
        int firstSeed = 1;
        List<Policy> tunings = [];
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : "";
            bool isKnown = args[i] switch
            {
                "--scenario" => (filters = value.Split('+')).Length > 0,
                "--seeds" => int.TryParse(value, CultureInfo.InvariantCulture, out seeds) && seeds > 0,
                "--first-seed" => int.TryParse(value, CultureInfo.InvariantCulture, out firstSeed),
                "--tuning" => TryAddTuning(value, tunings),
                _ => false,
            };
            if (!isKnown)
            {
                bool isHelp = args[i] == "--help";
                (isHelp ? Console.Out : Console.Error).WriteLine(Usage);
                return isHelp ? 0 : 2;
            }
        }

        Console.WriteLine(
            "| scenario | policy | launches/100 | mean wait ms | p99 ms | failed | lost | nodes/function | ratios |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        ParallelQuery<Comparison> comparisons = Scenarios.All
            .Where(scenario => filters.Any(scenario.Name.Contains))
            .AsParallel()
            .AsOrdered()
            .WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(scenario => Comparison.Run(scenario, seeds, tunings, firstSeed));
        foreach (Comparison comparison in comparisons)
        {
            Print(comparison);
        }

        return 0;
    }

    private static bool TryAddTuning(string json, List<Policy> tunings)
    {
        try
        {
            WarmRankTuning? tuning = JsonSerializer.Deserialize(json, TuningJson.Default.WarmRankTuning);
            tunings.Add(Policy.Tuned(json, tuning!));
            return tuning is not null;
        }
        catch (JsonException e)
        {
            Console.Error.WriteLine($"--tuning: {e.Message}");
            return false;
        }
    }

    private static void Print(Comparison comparison)
    {
        foreach ((Policy policy, RunSummary run) in comparison.Runs)
        {
            string ratios = Policy.All.Contains(policy) && policy != Policy.WarmRank ? "" : string.Create(
                CultureInfo.InvariantCulture,
                $"launches {comparison.LaunchRatio(policy):0.00}, wait {comparison.WaitRatio(policy):0.00}");
            string crowd = run.Crowd is not CrowdOutcome outcome ? "" : string.Create(
                CultureInfo.InvariantCulture,
                $" crowd p99 {outcome.P99WaitMilliseconds:0} ms,"
                    + $" nodes {outcome.NodesBefore}, {outcome.NodesDuring}, {outcome.NodesAfter}");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {comparison.Scenario.Name} | {policy.Name} | {run.LaunchesPer100:0.00} "
                    + $"| {run.MeanWaitMilliseconds:0.0} | {run.P99WaitMilliseconds:0} | {run.Failures:0} "
                    + $"| {run.Lost:0} | {run.NodesPerFunction:0.00} | {ratios}{crowd} |"));
        }
    }
}
