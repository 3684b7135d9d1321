using System.Globalization;

namespace FnLb.Benchmarks.Simulation;

/// <summary><c>fnlb-bench simulate</c>: policies beside each other on the same arrivals, one table.</summary>
internal static class SimulateCommand
{
    private const string Usage = """
        usage: fnlb-bench simulate [--scenario TEXT] [--seeds N]

          --scenario TEXT   scenarios whose name contains the text (all)
          --seeds N         runs of each, of which the table shows the medians (1)

        Ratios are to the bounded-load run with the lowest mean wait of each scenario.
        """;

    public static int Run(string[] args)
    {
        string filter = string.Empty;
        int seeds = 1;
        for (int i = 0; i < args.Length; i += 2)
        {
            bool hasValue = i + 1 < args.Length;
            if (args[i] == "--scenario" && hasValue)
            {
                filter = args[i + 1];
            }
            else if (args[i] != "--seeds" || !hasValue || !int.TryParse(args[i + 1], out seeds) || seeds < 1)
            {
                bool isHelp = args[i] == "--help";
                (isHelp ? Console.Out : Console.Error).WriteLine(Usage);
                return isHelp ? 0 : 2;
            }
        }

        Console.WriteLine(
            "| scenario | policy | launches/100 | mean wait ms | p99 ms | failed | nodes/function | ratios |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (Scenario scenario in Scenarios.All.Where(scenario => scenario.Name.Contains(filter)))
        {
            Print(scenario.Name, Comparison.Run(scenario, seeds));
        }

        return 0;
    }

    private static void Print(string scenario, Comparison comparison)
    {
        foreach ((Policy policy, RunSummary run) in comparison.Runs)
        {
            string ratios = policy != Policy.WarmRank ? string.Empty : string.Create(
                CultureInfo.InvariantCulture,
                $"launches {comparison.LaunchRatio:0.00}, wait {comparison.WaitRatio:0.00}");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {scenario} | {policy.Name} | {run.LaunchesPer100:0.00} | {run.MeanWaitMilliseconds:0.0} | "
                    + $"{run.P99WaitMilliseconds:0} | {run.Failures:0} | {run.NodesPerFunction:0.00} | {ratios} |"));
        }
    }
}
