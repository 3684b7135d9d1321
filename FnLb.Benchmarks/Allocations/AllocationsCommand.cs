using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FnLb.Benchmarks.Throughput;
using FnLb.Core.Nodes;
using FnLb.Core.Proxy;
using FnLb.Core.Routing;
using Microsoft.Extensions.Logging.Abstractions;

namespace FnLb.Benchmarks.Allocations;

/// <summary>
/// <c>fnlb-bench allocations</c>: what the data plane allocates on the managed heap for each request. It runs in this
/// process, nodes and load in others. Shown is a long run less a short one: what the start of the load and of its
/// connections costs is in both, and what remains is the steady state.
/// </summary>
internal static class AllocationsCommand
{
    private const string Usage =
        "usage: fnlb-bench allocations [--seconds N], the load of each row, 1 to 600 (default 5)";
    private static readonly string[] RowNames = ["get-64", "post-1k", "down-64k", "pipelined", "connect"];
    private static readonly TimeSpan ShortRun = TimeSpan.FromSeconds(2);

    /// <returns>0; 1 when a program is missing; 2 for wrong arguments.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        if (!TryParse(args, out int seconds))
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        string[] missing = [.. ((string[])["nginx", "wrk", "taskset"]).Where(program => Shell.Find(program) is null)];
        if (missing.Length > 0)
        {
            await Console.Error.WriteLineAsync($"nodes and load need these programs: {string.Join(", ", missing)}");
            return 1;
        }

        string folder = Directory.CreateTempSubdirectory("fnlb-bench-").FullName;
        try
        {
            using PinnedProcess nodes = BackendNodes.Start(Shell.Find("nginx")!, folder);
            await MeasureAsync(TimeSpan.FromSeconds(seconds), folder, stop);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool TryParse(string[] args, out int seconds)
    {
        seconds = 5;
        return args.Length == 0
            || (args is ["--seconds", string text]
                && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds)
                && seconds is >= 1 and <= 600);
    }

    private static async Task MeasureAsync(TimeSpan duration, string folder, CancellationToken stop)
    {
        NodeDirectory directory = new();
        directory.Apply([.. BackendNodes.Ports.Select(Entry)]);
        foreach (Node node in directory.Nodes)
        {
            node.Operational = OperationalState.Online;
        }

        using Socket listening = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen(4096);
        int port = ((IPEndPoint)listening.LocalEndPoint!).Port;
        ProxyOptions options = new() { Loops = 1 };
        using TrafficServer server = new(options, new Router(directory), directory, NullLoggerFactory.Instance);
        server.Start(listening);

        Console.WriteLine("| work | more requests | more bytes allocated | bytes/request |");
        Console.WriteLine("| --- | --- | --- | --- |");
        foreach (WorkRow row in WorkRows.Find(RowNames)!)
        {
            // Pools and tiered compilation settle first.
            await WrkLoad.RunAsync(row, port, duration, folder, Processors.Others, stop);
            (long requestsShort, long bytesShort) = await CountAsync(row, port, ShortRun, folder, stop);
            (long requestsLong, long bytesLong) = await CountAsync(row, port, ShortRun + duration, folder, stop);
            long requests = requestsLong - requestsShort;
            long bytes = bytesLong - bytesShort;
            string perRequest = ((double)bytes / requests).ToString("0.00", CultureInfo.InvariantCulture);
            Console.WriteLine($"| {row.Title} | {requests} | {bytes} | {perRequest} |");
        }

        await server.DrainAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
    }

    private static async Task<(long Requests, long Bytes)> CountAsync(
        WorkRow row, int port, TimeSpan duration, string folder, CancellationToken stop)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        LoadResult load = await WrkLoad.RunAsync(row, port, duration, folder, Processors.Others, stop);
        return (load.Requests, GC.GetTotalAllocatedBytes(precise: true) - before);
    }

    private static NodeEntry Entry(int port) =>
        NodeAddress.TryParse($"127.0.0.1:{port}", out NodeAddress address, out string? error)
            ? new NodeEntry(address)
            : throw new InvalidOperationException(error);
}
