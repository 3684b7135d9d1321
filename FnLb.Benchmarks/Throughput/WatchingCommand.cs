using System.Globalization;
using FnLb.Benchmarks.Reports;

namespace FnLb.Benchmarks.Throughput;

/// <summary>
/// <c>fnlb-bench watching</c>: the same executable several times, each with more of its watching on, in turn in one
/// run. Counted is the CPU of the whole process: event loop, writer of the log, exporter of spans.
/// </summary>
internal static class WatchingCommand
{
    private const string Usage = """
        usage: fnlb-bench watching [--rows all|NAME,...] [--rounds N] [--seconds N] [--generator wrk|drive]
                                   [--fnlb FILE]

        The CPU for a request with access log and traces on, beside off. The arguments are those of "compare".
        """;
    private const string Off = "off";

    // Any path of a node answers 200: as a collector it costs nothing on the proxy's core.
    private static readonly string Collector = $"-otlp=http://127.0.0.1:{BackendNodes.Ports[0]}/echo/traces";

    /// <returns>0; 1 when something is missing or failed; 2 for wrong arguments.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        if (!ThroughputOptions.TryParse(args, out ThroughputOptions? options, out string? error))
        {
            await Console.Error.WriteLineAsync($"fnlb-bench: {error}");
            return 2;
        }

        if (options.ShowsHelp)
        {
            Console.WriteLine(Usage);
            return 0;
        }

        if ((options.JsonPath ?? options.HtmlPath ?? options.BeforePath ?? options.Peers?[0]) is not null)
        {
            await Console.Error.WriteLineAsync(
                "fnlb-bench: watching takes none of --json, --html, --peers and --before");
            return 2;
        }

        List<Peer> peers =
        [
            new FnlbPeer(options.FnlbPath, Off),
            new FnlbPeer(options.FnlbPath, "access log, JSON", folder => [Log(folder, "json"), .. Format("json")]),
            new FnlbPeer(options.FnlbPath, "access log, text", folder => [Log(folder, "text"), .. Format("text")]),
            new FnlbPeer(options.FnlbPath, "1 % of the calls traced", _ => [Collector, "-trace-sample=1"]),
            new FnlbPeer(
                options.FnlbPath, "JSON log and 1 % traced",
                folder => [Log(folder, "all"), .. Format("json"), Collector, "-trace-sample=1"]),
        ];
        string generator = options.Generator == "wrk" ? "wrk" : "taskset";
        if (peers[0].Executable is null || Shell.Find("nginx") is not { } nginx || Shell.Find(generator) is null)
        {
            await Console.Error.WriteLineAsync(
                $"fnlb-bench: needed are fnlb (./build.sh publish, or --fnlb), nginx and {generator}");
            return 1;
        }

        Console.WriteLine($"{MachineFacts.Read()}; {options.Rounds} rounds of {options.Duration.TotalSeconds:0} s");
        string folder = Directory.CreateTempSubdirectory("fnlb-bench-").FullName;
        try
        {
            using PinnedProcess nodes = BackendNodes.Start(nginx, folder);
            IReadOnlyList<RowResult> results =
                await Contest.RunAsync(options, options.Rows, peers, nodes, folder, stop);
            foreach (RowResult result in results)
            {
                Print(result);
            }

            return ThroughputCommand.ExitCodeOf(results);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Log(string folder, string name) => $"-access-log={Path.Combine(folder, name)}.access.log";

    private static string[] Format(string name) => [$"-access-log-format={name}"];

    private static void Print(RowResult result)
    {
        Console.WriteLine();
        Console.WriteLine($"| {result.Row.Title} | CPU us/request | user | kernel | requests/s | to off |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (string peer in result.Peers)
        {
            string[] cells =
            [
                Number(result.Median(peer, m => m.CpuMicroseconds), "0.00"),
                Number(result.Median(peer, m => m.UserMicroseconds), "0.00"),
                Number(result.Median(peer, m => m.SystemMicroseconds), "0.00"),
                Number(result.Median(peer, m => m.RequestsPerSecond), "0"),
                peer == Off ? "" : Number(result.Ratio(peer, Off), "0.000"),
            ];
            Console.WriteLine($"| {peer} | {string.Join(" | ", cells)} |");
        }
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
