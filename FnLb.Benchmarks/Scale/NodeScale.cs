using System.Diagnostics;
using System.Globalization;
using FnLb.Benchmarks.Reports;
using FnLb.Benchmarks.Throughput;

namespace FnLb.Benchmarks.Scale;

/// <summary>
/// What many nodes cost a balancer without traffic: checks before and after a node was ejected and came back, looks
/// into the store, answers of its API.
/// </summary>
internal static class NodeScale
{
    private const int Port = 18_491;
    private static readonly int[] NodeCounts = [10, 100, 1000, 10_000];
    private static readonly string[] Asked =
        ["/1/lb/nodes", "/1/lb/nodes?verbose=true", "/1/lb/stats", "/1/lb/cluster", "/metrics"];
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60);

    /// <param name="watch">How long CPU is counted, at the default interval of checks.</param>
    public static async Task<ReportTable> MeasureAsync(
        string? fnlbPath, TimeSpan watch, string folder, CancellationToken stop)
    {
        using VersionNode node = new();
        List<IReadOnlyList<string>> rows = [];
        foreach (int nodes in NodeCounts)
        {
            rows.Add(await MeasureAsync(fnlbPath, watch, folder, node, nodes, stop));
        }

        return new ReportTable(
            "A balancer without traffic, by nodes",
            ["nodes", "start to ready, ms", "checks/s", "CPU of one core", "CPU a check, us",
                "CPU of one core after an ejection", "CPU a check then, us", "resident MB",
                .. Asked.Select(path => $"GET {path}, ms")],
            rows);
    }

    private static async Task<IReadOnlyList<string>> MeasureAsync(
        string? fnlbPath, TimeSpan watch, string folder, VersionNode node, int nodes,
        CancellationToken stop)
    {
        string config = Path.Combine(folder, "nodes.json");
        IEnumerable<string> quoted = node.Addresses(nodes).Select(address => $"\"{address}\"");
        await File.WriteAllTextAsync(config, $$"""{"nodes": [{{string.Join(", ", quoted)}}]}""", stop);
        ListenPort.RequireFree("fnlb", Port, Port + 1);
        long started = Stopwatch.GetTimestamp();
        using PinnedProcess fnlb = PinnedProcess.Start(
            Processors.All,
            Path.Combine(folder, "scale.log"),
            FnlbPeer.Require(fnlbPath),
            $"-config={config}",
            $"-listen=127.0.0.1:{Port}",
            $"-mgmt-listen=127.0.0.1:{Port + 1}",
            "-outlier-failures=1",
            "-outlier-time=1s",
            "-log-level=error");
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{Port + 1}") };
        await WaitUntilReadyAsync(fnlb, http, stop);
        double readyMilliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;

        (double share, double checkMicroseconds, double checks) = await WatchAsync(fnlb, node, watch, stop);
        await EjectOneAsync(fnlb, http, stop);
        (double shareAfter, double checkMicrosecondsAfter, _) = await WatchAsync(fnlb, node, watch, stop);

        List<string> cells =
        [
            Text(nodes, "N0"), Text(readyMilliseconds, "0"), Text(checks, "N0"),
            Text(share, "0.0%"), Text(checkMicroseconds, "0"),
            Text(shareAfter, "0.0%"), Text(checkMicrosecondsAfter, "0"),
            Text(fnlb.ResidentBytes / 1048576.0, "0.0"),
        ];
        foreach (string path in Asked)
        {
            // The first answer compiles nothing, but fills what later ones reuse.
            _ = await http.GetByteArrayAsync(path, stop);
            long asked = Stopwatch.GetTimestamp();
            _ = await http.GetByteArrayAsync(path, stop);
            cells.Add(Text(Stopwatch.GetElapsedTime(asked).TotalMilliseconds, "0.0"));
        }

        return cells;
    }

    private static async Task<(double Share, double CheckMicroseconds, double ChecksPerSecond)> WatchAsync(
        PinnedProcess fnlb, VersionNode node, TimeSpan watch, CancellationToken stop)
    {
        long checksBefore = node.Checks;
        CpuTime before = fnlb.Cpu;
        await Task.Delay(watch, stop);
        CpuTime spent = fnlb.Cpu - before;
        long checks = node.Checks - checksBefore;
        double seconds = spent.User + spent.System;
        return (seconds / watch.TotalSeconds, seconds * 1e6 / long.Max(checks, 1), checks / watch.TotalSeconds);
    }

    // The node loses the call, which is enough, and its checks pass: it is back after the shortest ejection.
    private static async Task EjectOneAsync(PinnedProcess fnlb, HttpClient http, CancellationToken stop)
    {
        using ByteArrayContent body = new([]);
        using HttpResponseMessage lost = await http.PostAsync($"http://127.0.0.1:{Port}/lost", body, stop);
        await WaitUntilAsync(
            async () => (await http.GetStringAsync("/metrics", stop)).Split('\n').Contains("fnlb_ejections_total 1")
                && !(await http.GetStringAsync("/1/lb/nodes?verbose=true", stop)).Contains("ejected"),
            "ejected one node and took it back",
            fnlb,
            stop);
    }

    private static Task WaitUntilReadyAsync(PinnedProcess fnlb, HttpClient http, CancellationToken stop) =>
        WaitUntilAsync(
            async () =>
            {
                using HttpResponseMessage answer = await http.GetAsync("/readyz", stop);
                return answer.IsSuccessStatusCode;
            },
            "was ready",
            fnlb,
            stop);

    private static async Task WaitUntilAsync(
        Func<Task<bool>> holds, string what, PinnedProcess fnlb, CancellationToken stop)
    {
        long started = Stopwatch.GetTimestamp();
        while (!fnlb.HasExited && Stopwatch.GetElapsedTime(started) < WaitMax)
        {
            try
            {
                if (await holds())
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(10, stop);
        }

        throw new InvalidOperationException(
            $"fnlb never {what}, within {WaitMax.TotalSeconds:0} s; {fnlb.LastWords}");
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
