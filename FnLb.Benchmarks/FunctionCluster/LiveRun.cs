using FnLb.Benchmarks.Simulation;
using FnLb.Benchmarks.Throughput;

namespace FnLb.Benchmarks.FunctionCluster;

/// <summary>One scenario, over real HTTP, with one way to balance it.</summary>
internal static class LiveRun
{
    private static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(15);

    public static async Task<SimulationResult> RunAsync(
        Scenario scenario, Trace trace, LivePeer peer, string? fnlbPath, int seed)
    {
        string folder = Directory.CreateTempSubdirectory("fnlb-routing-").FullName;
        await using LiveNodes nodes = await LiveNodes.StartAsync(scenario, trace, seed);
        PinnedProcess[] processes = peer.Launch(nodes.Addresses, fnlbPath, folder);
        try
        {
            foreach (Uri url in peer.Urls)
            {
                await WaitUntilReadyAsync(url, peer);
            }

            return await SendAsync(scenario, trace, nodes, peer.Urls, peer.AdministerAsync);
        }
        finally
        {
            foreach (PinnedProcess process in processes)
            {
                process.Dispose();
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<SimulationResult> SendAsync(
        Scenario scenario, Trace trace, LiveNodes nodes, IReadOnlyList<Uri> urls, Func<string, string, Task> administer)
    {
        using LiveLoad load = new(scenario, trace, urls, nodes.Addresses);
        Task<IReadOnlyList<CallRecord>> calls = load.RunAsync();
        Task<long> launchesBefore = At(load, scenario.WarmUpSeconds, () => nodes.Launches);
        Task disturbances = DisturbAsync(scenario, load, nodes, administer);
        Task<long> launchesAfter = At(load, scenario.Seconds, () => nodes.Launches);
        IReadOnlyList<CallRecord> records = await calls;
        await disturbances;
        int launches = (int)(await launchesAfter - await launchesBefore);
        return new SimulationResult(records, [.. Samples(scenario, records)], launches, Lost: 0);
    }

    private static async Task<long> At(LiveLoad load, double seconds, Func<long> read)
    {
        await WaitUntilAsync(load, seconds);
        return read();
    }

    private static async Task DisturbAsync(
        Scenario scenario, LiveLoad load, LiveNodes nodes, Func<string, string, Task> administer)
    {
        foreach (Disturbance disturbance in scenario.Disturbances.OrderBy(disturbance => disturbance.AtSeconds))
        {
            await WaitUntilAsync(load, disturbance.AtSeconds);
            await nodes.DisturbAsync(disturbance, administer);
        }
    }

    private static Task WaitUntilAsync(LiveLoad load, double seconds)
    {
        TimeSpan left = TimeSpan.FromSeconds(seconds) - load.Elapsed;
        return left > TimeSpan.Zero ? Task.Delay(left) : Task.CompletedTask;
    }

    // Where a function's calls went in each ten seconds stands for where it had containers.
    private static IEnumerable<ContainerSample> Samples(Scenario scenario, IReadOnlyList<CallRecord> records) =>
        from record in records
        where !record.Failed && record.AtSeconds < scenario.Seconds
        group record by ((int)record.AtSeconds / 10, record.Function) into calls
        select new ContainerSample(
            10 * calls.Key.Item1, calls.Key.Function, calls.Select(call => call.Node).Distinct().Count());

    // The path is no function's: nothing is started by it, and a node's own 404 tells that nodes are reached.
    private static async Task WaitUntilReadyAsync(Uri url, LivePeer peer)
    {
        using HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
        DateTime deadline = DateTime.UtcNow + ReadyMax;
        while (DateTime.UtcNow < deadline)
        {
            try
            {
                using HttpResponseMessage answer = await http.GetAsync(new Uri(url, "/r/none"));
                if (answer.StatusCode == System.Net.HttpStatusCode.NotFound)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(50);
        }

        throw new InvalidOperationException($"{peer.Name} does not answer at {url}");
    }
}
