using FnLb.Benchmarks.Reports;
using FnLb.Benchmarks.Throughput;

namespace FnLb.Benchmarks.Scale;

/// <summary><c>fnlb-bench scale</c>: what grows with nodes, functions, connections and loops, and how.</summary>
internal static class ScaleCommand
{
    private static readonly string[] WithTraffic = ["functions", "connections", "loops"];

    /// <returns>0; 1 when something is missing or failed; 2 for wrong arguments.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        ScaleOptions options = new();
        if (!NamedArguments.TryRead(
            args, ref options, (so, name, value) => so.With(name, value), ScaleOptions.Usage, out int exitCode,
            so => FnlbPeer.WrongFile(so.FnlbPath) ?? OutputFile.WhyNot(so.HtmlPath)))
        {
            return exitCode;
        }

        bool needsNodes = options.Parts.Any(WithTraffic.Contains);
        if ((needsNodes && Shell.Find("nginx") is null) || new FnlbPeer(options.FnlbPath).Executable is null)
        {
            await Console.Error.WriteLineAsync("fnlb-bench: needed are fnlb and, for traffic, nginx");
            return 1;
        }

        string folder = Directory.CreateTempSubdirectory("fnlb-scale-").FullName;
        try
        {
            using PinnedProcess? nodes = needsNodes ? BackendNodes.Start(Shell.Find("nginx")!, folder) : null;
            await MeasureAsync(options, folder, stop);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ReportTable[] Decisions() => [DecisionScale.ByNodes(), DecisionScale.ByFunctions()];

    private static async Task MeasureAsync(ScaleOptions options, string folder, CancellationToken stop)
    {
        MachineFacts machine = MachineFacts.Read();
        Console.WriteLine($"{machine}\n");
        List<ReportTable> tables = [];
        foreach (string part in options.Parts)
        {
            ReportTable[] found = part switch
            {
                "decisions" => await Task.Run(Decisions, stop).WaitAsync(stop),
                "nodes" => [await NodeScale.MeasureAsync(options.FnlbPath, options.Duration, folder, stop)],
                "functions" => [await TrafficScale.ByFunctionsAsync(options.FnlbPath, options.Duration, folder, stop)],
                "connections" => [await TrafficScale.ByConnectionsAsync(options.FnlbPath, folder, stop)],
                _ => [await TrafficScale.ByLoopsAsync(options.FnlbPath, options.Duration, folder, stop)],
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
