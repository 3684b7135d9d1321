using System.Globalization;
using FnLb.Benchmarks.Reports;
using FnLb.Benchmarks.Throughput;

namespace FnLb.Benchmarks.Scale;

/// <summary>What functions, connections and event loops cost under load, in front of three nodes.</summary>
internal static class TrafficScale
{
    private const int Port = 18_471;
    private const int ClientsMax = 10_000;
    private static readonly int[] FunctionCounts = [100, 10_000, 1_000_000];
    private static readonly int[] ConnectionCounts = [1000, 3000, 9000];
    private static readonly int[] LoopCounts = [1, 2, 4, 16, 64];

    public static async Task<ReportTable> ByFunctionsAsync(
        string? fnlbPath, TimeSpan duration, string folder, CancellationToken stop)
    {
        List<IReadOnlyList<string>> rows = [];
        foreach (int functions in FunctionCounts)
        {
            FnlbPeer peer = new(fnlbPath);
            using PinnedProcess fnlb = await peer.StartAsync(Port, folder, ClientsMax, stop);
            WorkRow row = new("scale", "small GET") { Paths = functions };
            long before = fnlb.ResidentBytes;
            CpuTime cpuBefore = fnlb.Cpu;
            LoadResult load = await DriveLoad.RunAsync(
                row, Port, duration, folder, rate: null, threads: 1, Processors.Others, stop);
            CpuTime spent = fnlb.Cpu - cpuBefore;
            rows.Add(
            [
                Text(functions, "N0"), Text(load.Requests, "N0"),
                Text((spent.User + spent.System) * 1e6 / load.Requests, "0.0"),
                Text(load.P99Milliseconds, "0.00"),
                Text(before / 1048576.0, "0.0"), Text(fnlb.ResidentBytes / 1048576.0, "0.0"),
            ]);
        }

        return new ReportTable(
            "Functions, all alike, 64 clients",
            ["functions", "calls", "CPU us/request", "p99 ms", "resident before, MB", "after, MB"], rows);
    }

    public static async Task<ReportTable> ByConnectionsAsync(
        string? fnlbPath, string folder, CancellationToken stop)
    {
        List<IReadOnlyList<string>> rows = [];
        foreach (int connections in ConnectionCounts)
        {
            FnlbPeer peer = new(fnlbPath);
            using PinnedProcess fnlb = await peer.StartAsync(Port, folder, ClientsMax, stop);
            double bytes = await IdleConnections.MeasureAsync(fnlb, Port, connections, stop);
            rows.Add([Text(connections, "N0"), Text(bytes, "N0"), Text(fnlb.ResidentBytes / 1048576.0, "0.0")]);
        }

        return new ReportTable(
            "Idle client connections", ["connections", "resident bytes for each", "resident MB"], rows);
    }

    public static async Task<ReportTable> ByLoopsAsync(
        string? fnlbPath, TimeSpan duration, string folder, CancellationToken stop)
    {
        WorkRow row = new("scale", "small GET");
        List<IReadOnlyList<string>> rows = [];
        foreach (int loops in LoopCounts)
        {
            FnlbPeer peer = new(fnlbPath) { Loops = loops, OwnProcessors = Processors.All };
            double start = FirstAnswer.Measure(peer, Port + 5, folder, stop);
            using PinnedProcess fnlb = await peer.StartAsync(Port, folder, ClientsMax, stop);
            long before = fnlb.ResidentBytes;
            CpuTime cpuBefore = fnlb.Cpu;
            LoadResult load = await DriveLoad.RunAsync(
                row, Port, duration, folder, rate: null, threads: 1, Processors.All, stop);
            CpuTime spent = fnlb.Cpu - cpuBefore;
            rows.Add(
            [
                Text(loops, "0"), Text(start, "0"), Text(before / 1048576.0, "0.0"),
                Text(fnlb.ResidentBytes / 1048576.0, "0.0"),
                Text((spent.User + spent.System) * 1e6 / load.Requests, "0.0"), Text(load.RequestsPerSecond, "N0"),
                Text(load.P99Milliseconds, "0.00"),
            ]);
        }

        return new ReportTable(
            $"Event loops on {Environment.ProcessorCount} processors that the load shares, 64 clients",
            ["loops", "start to first answer, ms", "resident at rest, MB", "after the load, MB", "CPU us/request",
                "requests/s", "p99 ms"],
            rows);
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
