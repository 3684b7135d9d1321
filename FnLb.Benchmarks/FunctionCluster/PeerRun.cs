using FnLb.Benchmarks.Simulation;
using FnLb.Benchmarks.Throughput;

namespace FnLb.Benchmarks.FunctionCluster;

/// <summary>One scenario, over real HTTP, with one way to balance it.</summary>
internal static class PeerRun
{
    private static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(15);

    /// <param name="watch">Gets the load when it begins.</param>
    public static async Task<SimulationResult> RunAsync(
        Scenario scenario,
        Trace trace,
        LivePeer peer,
        int seed,
        LiveOptions options,
        Action<LiveLoad>? watch,
        CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("fnlb-routing-").FullName;
        List<PinnedProcess> processes = [];
        try
        {
            await using LiveNodes nodes = await LiveNodes.StartAsync(scenario, trace, seed);
            foreach (int port in peer.Ports(options.FirstPort))
            {
                processes.Add(peer.Launch(port, nodes.FirstAddresses, options, folder));
            }

            Uri[] urls = peer.Urls(options.FirstPort);
            foreach ((Uri url, PinnedProcess process) in urls.Zip(processes))
            {
                await WaitUntilReadyAsync(url, peer, process, stop);
            }

            return await LiveRun.SendAsync(scenario, trace, nodes, urls, Administer, watch).WaitAsync(stop);
        }
        finally
        {
            PinnedProcess.EndAll(processes);
            Directory.Delete(folder, recursive: true);
        }

        Task Administer(string node, string state) => peer.AdministerAsync(options.FirstPort, node, state);
    }

    // The path is no function's: nothing is started by it, and a node's own 404 tells that nodes are reached.
    private static async Task WaitUntilReadyAsync(
        Uri url, LivePeer peer, PinnedProcess process, CancellationToken stop)
    {
        using HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
        DateTime deadline = DateTime.UtcNow + ReadyMax;
        while (!process.HasExited && DateTime.UtcNow < deadline)
        {
            try
            {
                using HttpResponseMessage answer = await http.GetAsync(new Uri(url, "/r/none"), stop);
                if (answer.StatusCode == System.Net.HttpStatusCode.NotFound)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(50, stop);
        }

        throw new InvalidOperationException($"{peer.Name} does not answer at {url}; {process.LastWords}");
    }
}
