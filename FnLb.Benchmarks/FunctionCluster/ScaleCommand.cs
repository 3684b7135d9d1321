using System.Globalization;
using FnLb.Benchmarks.Scaling;
using FnLb.Benchmarks.Simulation;

namespace FnLb.Benchmarks.FunctionCluster;

/// <summary>
/// <c>fnlb-bench scale</c>: the advice on scaling while the load changes, as a series and a verdict for each promise.
/// </summary>
internal static class ScaleCommand
{
    private const string Usage = """
        usage: fnlb-bench scale [--scenario TEXT] [--seed N] [--every N] [--simulated BOOL] [--port N] [--fnlb FILE]

          --scenario TEXT   scenarios whose name contains the text (all)
          --seed N          of the calls (1)
          --every N         a line for every so many seconds (10)
          --simulated BOOL  the router and the advice on a simulated clock, not over HTTP (false)
          --port N          the first the load balancer listens on (18460)
          --fnlb FILE       the executable (default: FNLB_EXECUTABLE, else artifacts/fnlb in this folder or above)
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        Dictionary<string, string> options = new()
        {
            ["--scenario"] = "",
            ["--seed"] = "1",
            ["--every"] = "10",
            ["--simulated"] = "false",
            ["--port"] = "18460",
            ["--fnlb"] = "",
        };
        for (int i = 0; i < args.Length; i += 2)
        {
            if (!options.ContainsKey(args[i]) || i + 1 == args.Length)
            {
                bool isHelp = args[i] == "--help";
                (isHelp ? Console.Out : Console.Error).WriteLine(Usage);
                return isHelp ? 0 : 2;
            }

            options[args[i]] = args[i + 1];
        }

        LiveOptions live = new(options["--fnlb"].Length > 0 ? options["--fnlb"] : null, Number(options["--port"]));
        bool isMissed = false;
        foreach (ScalingScenario scenario in ScalingScenario.All)
        {
            if (scenario.Cluster.Name.Contains(options["--scenario"], StringComparison.Ordinal))
            {
                int seed = Number(options["--seed"]);
                Trace trace = new(scenario.Cluster, seed);
                IReadOnlyList<AdvisedSecond> seconds = bool.Parse(options["--simulated"])
                    ? SimulatedAdvice.Of(scenario, trace, seed)
                    : await LiveAdvice.OfAsync(scenario, trace, seed, live);
                isMissed |= Print(scenario, trace, seconds, Number(options["--every"]));
            }
        }

        return isMissed ? 1 : 0;
    }

    private static bool Print(
        ScalingScenario scenario, Trace trace, IReadOnlyList<AdvisedSecond> seconds, int every)
    {
        Console.WriteLine($"{scenario.Cluster.Name}:");
        Console.WriteLine("| second | needed | advised | calls at once | capacity | reason |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (AdvisedSecond second in seconds.Where(second => (int)second.AtSeconds % every == 0))
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {second.AtSeconds:0} | {scenario.NeedBetween(trace, second.AtSeconds - every, second.AtSeconds)} "
                    + $"| {second.Recommended} "
                    + $"| {second.DemandCalls:0} | {second.CapacityCalls:0} | {second.Reason} |"));
        }

        string[] verdicts = [.. scenario.Judge(trace, seconds)];
        foreach (string verdict in verdicts)
        {
            Console.WriteLine(verdict);
        }

        return verdicts.Any(verdict => verdict.StartsWith("missed", StringComparison.Ordinal));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
