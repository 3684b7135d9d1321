using System.Net.Sockets;
using FnLb.Benchmarks.Reports;
using FnLb.Benchmarks.Throughput;
using FnLb.Core.Transport;

namespace FnLb.Benchmarks.Scale;

/// <summary><c>fnlb-bench scale</c>: what grows with nodes, functions, connections and loops, and how.</summary>
internal static class ScaleCommand
{
    private static readonly string[] WithTraffic = ["functions", "connections", "loops"];

    /// <returns>0; 1 when something is missing or failed; 2 for wrong arguments.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        ScaleOptions options = new();
        if (!NamedArguments.TryRead(
            args, ref options, (so, name, value) => so.With(name, value), ScaleOptions.Usage, out int exitCode))
        {
            return exitCode;
        }

        bool needsNodes = options.Parts.Any(WithTraffic.Contains);
        if ((needsNodes && Shell.Find("nginx") is null) || new FnlbPeer(options.FnlbPath).Executable is null)
        {
            await Console.Error.WriteLineAsync("fnlb-bench: needed are fnlb and, for traffic, nginx");
            return 1;
        }

        _ = DescriptorLimit.Raise();
        string folder = Directory.CreateTempSubdirectory("fnlb-scale-").FullName;
        try
        {
            using PinnedProcess? nodes = needsNodes ? BackendNodes.Start(Shell.Find("nginx")!, folder) : null;
            await MeasureAsync(options, folder);
            return 0;
        }
        catch (Exception e) when (e is InvalidOperationException or SocketException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync($"fnlb-bench: {e.Message}");
            return 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(ScaleOptions options, string folder)
    {
        MachineFacts machine = MachineFacts.Read();
        Console.WriteLine($"{machine}\n");
        List<ReportTable> tables = [];
        foreach (string part in options.Parts)
        {
            ReportTable[] found = part switch
            {
                "decisions" => [DecisionScale.ByNodes(), DecisionScale.ByFunctions()],
                "nodes" => [await NodeScale.MeasureAsync(options.FnlbPath, options.Duration, folder)],
                "functions" => [await TrafficScale.ByFunctionsAsync(options.FnlbPath, options.Duration, folder)],
                "connections" => [await TrafficScale.ByConnectionsAsync(options.FnlbPath, folder)],
                _ => [await TrafficScale.ByLoopsAsync(options.FnlbPath, options.Duration, folder)],
            };
            tables.AddRange(found);
            foreach (ReportTable table in found)
            {
                Console.WriteLine($"{table.Title}\n\n{table.ToMarkdown()}");
            }
        }

        if (options.HtmlPath is string html)
        {
            new ReportPage { Title = "What grows, and how", Facts = [$"{machine}"], Tables = tables }.Write(html);
        }
    }
}
