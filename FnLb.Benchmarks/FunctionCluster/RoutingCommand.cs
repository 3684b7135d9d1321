using System.Globalization;
using FnLb.Benchmarks.Simulation;

namespace FnLb.Benchmarks.FunctionCluster;

/// <summary>
/// <c>fnlb-bench routing</c>: fnlb beside HAProxy on the same arrivals, over real HTTP, one table for each scenario.
/// </summary>
internal static class RoutingCommand
{
    private const string Usage = """
        usage: fnlb-bench routing [--scenario TEXT] [--seconds N] [--warm-up N] [--seeds N] [--peers TEXT] [--fnlb FILE]

          --scenario TEXT   scenarios of "fnlb-bench simulate" whose name starts with the text ("8 nodes 40 %")
          --seconds N       of calls for each peer, warm-up included; disturbances move with it (60)
          --warm-up N       of these not measured (25)
          --seeds N         runs of each, of which the table shows the medians (1)
          --peers TEXT      only peers whose name contains the text
          --fnlb FILE       the executable (default: FNLB_EXECUTABLE, else artifacts/fnlb in this folder or above)
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        Dictionary<string, string> options = new()
        {
            ["--scenario"] = "8 nodes 40 %",
            ["--seconds"] = "60",
            ["--warm-up"] = "25",
            ["--seeds"] = "1",
            ["--peers"] = "",
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

        LivePeer[] peers = [.. LivePeer.All.Where(peer => peer.Name.Contains(options["--peers"]))];
        string? fnlb = options["--fnlb"].Length > 0 ? options["--fnlb"] : null;
        Console.WriteLine("| scenario | peer | launches/100 | mean wait ms | p99 ms | failed | nodes/function |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (Scenario known in Scenarios.All.Where(scenario => scenario.Balancers == 1))
        {
            if (known.Name.StartsWith(options["--scenario"], StringComparison.Ordinal))
            {
                Scenario scenario = Shorten(known, Number(options["--seconds"]), Number(options["--warm-up"]));
                await CompareAsync(scenario, peers, fnlb, (int)Number(options["--seeds"]));
            }
        }

        return 0;
    }

    private static async Task CompareAsync(Scenario scenario, LivePeer[] peers, string? fnlb, int seeds)
    {
        foreach (LivePeer peer in peers)
        {
            Scenario own = scenario with { Balancers = peer.Balancers };
            List<SimulationResult> results = [];
            for (int seed = 1; seed <= seeds; seed++)
            {
                // The balancer of each call is drawn with it: the arrivals are those of one balancer.
                results.Add(await LiveRun.RunAsync(own, new Trace(own, seed), peer, fnlb, seed));
            }

            RunSummary run = RunSummary.Of(own, results);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {scenario.Name} | {peer.Name} | {run.LaunchesPer100:0.00} | {run.MeanWaitMilliseconds:0.0} "
                    + $"| {run.P99WaitMilliseconds:0} | {run.Failures:0} of {run.Calls:0} "
                    + $"| {run.NodesPerFunction:0.00} |"));
        }
    }

    private static Scenario Shorten(Scenario scenario, double seconds, double warmUp)
    {
        double share = (seconds - warmUp) / (scenario.Seconds - scenario.WarmUpSeconds);
        return scenario with
        {
            Seconds = seconds,
            WarmUpSeconds = warmUp,
            RampSeconds = double.Min(scenario.RampSeconds, warmUp / 2),
            Disturbances =
                [.. scenario.Disturbances.Select(item => item with { AtSeconds = Moved(item.AtSeconds) })],
            FlashCrowds = [.. scenario.FlashCrowds.Select(crowd => crowd with
            {
                FromSeconds = Moved(crowd.FromSeconds),
                ToSeconds = Moved(crowd.ToSeconds),
            })],
        };

        double Moved(double at) => warmUp + ((at - scenario.WarmUpSeconds) * share);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
