using System.Globalization;
using FnLb.Benchmarks.Reports;
using FnLb.Benchmarks.Simulation;
using FnLb.Benchmarks.Throughput;

namespace FnLb.Benchmarks.FunctionCluster;

/// <summary>
/// <c>fnlb-bench routing</c>: fnlb beside HAProxy on the same arrivals, over real HTTP, one table for each scenario.
/// </summary>
internal static class RoutingCommand
{
    private const int Incomplete = 3;

    public static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        RoutingOptions options = new();
        return NamedArguments.TryRead(
            args, ref options, (so, name, value) => so.With(name, value), RoutingOptions.Usage, out int exitCode,
            so => Unknown(so) ?? FnlbPeer.WrongFile(so.FnlbPath))
            ? await RunAsync(options, stop)
            : exitCode;
    }

    // What would measure nothing, and say nothing.
    private static string? Unknown(RoutingOptions options) =>
        !LivePeer.All.Any(peer => peer.Name.Contains(options.Peers, StringComparison.Ordinal))
            ? $"--peers \"{options.Peers}\" is in none of: {string.Join("; ", LivePeer.All.Select(peer => peer.Name))}"
            : null;

    private static async Task<int> RunAsync(RoutingOptions options, CancellationToken stop)
    {
        Scenario[] scenarios = [.. Scenarios.All
            .Where(known => known.Balancers == 1)
            .Where(known => options.Scenarios.Any(text => known.Name.StartsWith(text, StringComparison.Ordinal)))
            .Select(known => known.Shortened(options.Seconds, options.WarmUpSeconds))
            .Select(known => known with { PostShare = options.PostShare })];
        return options.Urls.Count > 0
            ? await UrlRuns.PrintAsync(scenarios, options.Urls, options.Seeds).WaitAsync(stop)
            : await CompareAsync(scenarios, options, stop);
    }

    private static async Task<int> CompareAsync(
        Scenario[] scenarios, RoutingOptions options, CancellationToken stop)
    {
        KeptRuns kept = new(options.RunsPath);
        LiveOptions live = new(options.FnlbPath, options.FirstPort);
        LivePeer[] peers = [.. LivePeer.All.Where(peer => peer.Name.Contains(options.Peers))];
        int seeds = options.Seeds;
        int runsLeft = options.RunsMax;

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

            _ = await GetAsync(kept, scenario, peer, seed, live, stop);
        }

        foreach (Scenario scenario in scenarios)
        {
            Dictionary<LivePeer, RunSummary> medians = [];
            foreach (LivePeer peer in peers)
            {
                RunSummary[] runs = new RunSummary[seeds];
                for (int seed = 1; seed <= seeds; seed++)
                {
                    runs[seed - 1] = await GetAsync(kept, scenario, peer, seed, live, stop);
                }

                medians.Add(peer, RunSummary.MedianOf(runs));
            }

            Print(scenario, medians);
        }

        return 0;
    }

    // The balancer of each call is drawn with it: the arrivals are those of one balancer.
    private static Task<RunSummary> GetAsync(
        KeptRuns kept, Scenario scenario, LivePeer peer, int seed, LiveOptions options,
        CancellationToken stop)
    {
        Scenario own = scenario with { Balancers = peer.Balancers };
        return kept.GetAsync(NameOf(scenario, peer, seed), async () =>
            RunSummary.Of(
                own, await PeerRun.RunAsync(own, new Trace(own, seed), peer, seed, options, watch: null, stop)));
    }

    private static string NameOf(Scenario scenario, LivePeer peer, int seed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{scenario.Name}, {scenario.Seconds} s from {scenario.WarmUpSeconds}, {peer.Name}, seed {seed}")
        + (scenario.PostShare > 0 ? string.Create(CultureInfo.InvariantCulture, $", POST {scenario.PostShare}") : "");

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
}
