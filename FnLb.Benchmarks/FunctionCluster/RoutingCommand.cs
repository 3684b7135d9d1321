using System.Globalization;
using FnLb.Benchmarks.Simulation;

namespace FnLb.Benchmarks.FunctionCluster;

/// <summary>
/// <c>fnlb-bench routing</c>: fnlb beside HAProxy on the same arrivals, over real HTTP, one table for each scenario.
/// </summary>
internal static class RoutingCommand
{
    private const string Usage = """
        usage: fnlb-bench routing [--scenario TEXT] [--seconds N] [--warm-up N] [--seeds N] [--peers TEXT]
                                  [--runs FILE] [--runs-max N] [--port N] [--fnlb FILE]

          --scenario TEXT   scenarios of "fnlb-bench simulate" whose name starts with the text, or with one of several
                            with "+" between ("8 nodes 40 %"); "flash+node +rolling" are those where things happen
          --seconds N       of calls for each peer, warm-up included; disturbances move with it (60)
          --warm-up N       of these not measured (25)
          --seeds N         runs of each, of which the table shows the medians (1)
          --peers TEXT      only peers whose name contains the text
          --runs FILE       keeps what each run came to; those that are there are not repeated
          --runs-max N      ends after so many new runs, without a table unless all are there
          --port N          the first the load balancers listen on (18400)
          --fnlb FILE       the executable (default: FNLB_EXECUTABLE, else artifacts/fnlb in this folder or above)

        Ends with 3 while runs are missing.
        """;

    private const int Incomplete = 3;

    public static async Task<int> RunAsync(string[] args)
    {
        Dictionary<string, string> options = new()
        {
            ["--scenario"] = "8 nodes 40 %",
            ["--seconds"] = "60",
            ["--warm-up"] = "25",
            ["--seeds"] = "1",
            ["--peers"] = "",
            ["--runs"] = "",
            ["--runs-max"] = "1000000",
            ["--port"] = "18400",
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

        return await CompareAsync(options);
    }

    private static async Task<int> CompareAsync(Dictionary<string, string> options)
    {
        KeptRuns kept = new(options["--runs"].Length > 0 ? options["--runs"] : null);
        LiveOptions live = new(options["--fnlb"].Length > 0 ? options["--fnlb"] : null, (int)Number(options["--port"]));
        LivePeer[] peers = [.. LivePeer.All.Where(peer => peer.Name.Contains(options["--peers"]))];
        int seeds = (int)Number(options["--seeds"]);
        int runsLeft = (int)Number(options["--runs-max"]);
        Scenario[] scenarios = [.. Scenarios.All
            .Where(known => known.Balancers == 1)
            .Where(known => options["--scenario"].Split('+')
                .Any(text => known.Name.StartsWith(text, StringComparison.Ordinal)))
            .Select(known => known.Shortened(Number(options["--seconds"]), Number(options["--warm-up"])))];

        // Seed by seed, so that a machine that is busier for a while is so for all peers.
        foreach ((Scenario scenario, int seed, LivePeer peer) in
            from scenario in scenarios
            from seed in Enumerable.Range(1, seeds)
            from peer in peers
            select (scenario, seed, peer))
        {
            bool isNew = !kept.Has(NameOf(scenario, peer, seed));
            if (isNew && runsLeft-- == 0)
            {
                return Incomplete;
            }

            _ = await GetAsync(kept, scenario, peer, seed, live);
        }

        foreach (Scenario scenario in scenarios)
        {
            Dictionary<LivePeer, RunSummary> medians = [];
            foreach (LivePeer peer in peers)
            {
                RunSummary[] runs = new RunSummary[seeds];
                for (int seed = 1; seed <= seeds; seed++)
                {
                    runs[seed - 1] = await GetAsync(kept, scenario, peer, seed, live);
                }

                medians.Add(peer, RunSummary.MedianOf(runs));
            }

            Print(scenario, medians);
        }

        return 0;
    }

    // The balancer of each call is drawn with it: the arrivals are those of one balancer.
    private static Task<RunSummary> GetAsync(
        KeptRuns kept, Scenario scenario, LivePeer peer, int seed, LiveOptions options)
    {
        Scenario own = scenario with { Balancers = peer.Balancers };
        return kept.GetAsync(NameOf(scenario, peer, seed), async () =>
            RunSummary.Of(own, await PeerRun.RunAsync(own, new Trace(own, seed), peer, seed, options)));
    }

    private static string NameOf(Scenario scenario, LivePeer peer, int seed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{scenario.Name}, {scenario.Seconds} s from {scenario.WarmUpSeconds}, {peer.Name}, seed {seed}");

    private static void Print(Scenario scenario, Dictionary<LivePeer, RunSummary> runs)
    {
        Console.WriteLine("| scenario | peer | launches/100 | mean wait ms | p99 ms | failed | nodes/function |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach ((LivePeer peer, RunSummary run) in runs)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {scenario.Name} | {peer.Name} | {run.LaunchesPer100:0.00} | {run.MeanWaitMilliseconds:0.0} "
                    + $"| {run.P99WaitMilliseconds:0} | {run.Failures:0} of {run.Calls:0} "
                    + $"| {run.NodesPerFunction:0.00} |"));
        }

        RoutingGoals.Print(scenario, runs);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
