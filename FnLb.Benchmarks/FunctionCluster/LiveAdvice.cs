using System.Text.Json;
using FnLb.Benchmarks.Scaling;
using FnLb.Benchmarks.Simulation;

namespace FnLb.Benchmarks.FunctionCluster;

/// <summary>The advice of a load balancer, asked every second while real calls arrive.</summary>
internal static class LiveAdvice
{
    public static async Task<IReadOnlyList<AdvisedSecond>> OfAsync(
        ScalingScenario scenario, Trace trace, int seed, LiveOptions options, CancellationToken stop)
    {
        LivePeer peer = LivePeer.All.First(peer => peer.IsFnlb && peer.Balancers == 1);
        List<AdvisedSecond> seconds = [];
        Task watch = Task.CompletedTask;
        _ = await PeerRun.RunAsync(
            scenario.Cluster,
            trace,
            peer,
            seed,
            options,
            load => watch = WatchAsync(load, scenario.Cluster, peer.AdminUrls(options.FirstPort)[0], seconds),
            stop);
        await watch;
        return seconds;
    }

    private static async Task WatchAsync(LiveLoad load, Scenario cluster, Uri admin, List<AdvisedSecond> seconds)
    {
        using HttpClient http = new() { BaseAddress = admin };
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1));
        while (load.Elapsed.TotalSeconds < cluster.Seconds && await timer.WaitForNextTickAsync())
        {
            byte[] text = await http.GetByteArrayAsync(new Uri("/1/lb/scale", UriKind.Relative));
            using JsonDocument answer = JsonDocument.Parse(text);
            JsonElement advice = answer.RootElement;
            JsonElement recommended = advice.GetProperty("recommended");
            seconds.Add(new AdvisedSecond(
                load.Elapsed.TotalSeconds,
                (recommended.ValueKind == JsonValueKind.Null ? advice.GetProperty("nodes") : recommended).GetInt32(),
                advice.GetProperty("demandCalls").GetDouble(),
                advice.GetProperty("capacityCalls").GetDouble())
            {
                Reason = advice.GetProperty("reason").GetString() ?? "",
            });
        }
    }
}
