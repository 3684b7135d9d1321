using System.Globalization;
using FnLb.Benchmarks.Reports;
using FnLb.Benchmarks.Throughput;

namespace FnLb.Benchmarks.Tune;

/// <summary><c>fnlb-bench tune</c>: which settings of fnlb pay on this machine.</summary>
internal static class TuneCommand
{
    private const string ThreadsFlag = "--threads=";

    // The same for every setting: more loops are not to be measured with less load.
    private static int LoadProcessors => int.Max(Environment.ProcessorCount / 2, 1);

    /// <returns>0; 1 when something is missing, or calls failed; 2 for wrong arguments.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        TuneOptions options = new();
        if (!NamedArguments.TryRead(
            args, ref options, (so, name, value) => so.With(name, value), TuneOptions.Usage, out int exitCode,
            so => FnlbPeer.WrongFile(so.FnlbPath) ?? OutputFile.WhyNot(so.JsonPath, so.HtmlPath)))
        {
            return exitCode;
        }

        string[] missing =
        [
            .. ((string[])["nginx", "taskset"]).Where(program => Shell.Find(program) is null),
            .. new FnlbPeer(options.FnlbPath).Executable is null ? (string[])["fnlb"] : [],
        ];
        if (missing.Length > 0)
        {
            await Console.Error.WriteLineAsync(
                $"fnlb-bench: needed are nginx, taskset and fnlb; missing: {string.Join(", ", missing)}");
            return 1;
        }

        string folder = Directory.CreateTempSubdirectory("fnlb-tune-").FullName;
        try
        {
            using PinnedProcess nodes = BackendNodes.Start(
                Shell.Find("nginx")!, folder, Processors.Last(LoadProcessors), workers: LoadProcessors);
            return await MeasureAsync(options, nodes, folder, stop);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> MeasureAsync(
        TuneOptions options, PinnedProcess nodes, string folder, CancellationToken stop)
    {
        MachineFacts machine = MachineFacts.Read();
        ThroughputOptions contest = new()
        {
            Rounds = options.Rounds,
            Duration = options.Duration,
            Generator = "drive",
            LoadThreads = LoadProcessors,
        };
        List<RowResult> results = [];
        List<ReportTable> tables = [];
        List<ReportChart> charts = [];
        List<string> flags = [];
        List<string> notes = [];
        foreach (TuneKind kind in TuneKind.All)
        {
            FnlbPeer[] peers = [.. kind.Settings.Select(setting => PeerOf(setting, options))];
            RowResult result = (await Contest.RunAsync(contest, [kind.Row], peers, nodes, folder, stop)).Single();
            string? chosen = TuneAdvice.Choose(kind, result, [.. peers.Select(peer => peer.Name)]);
            flags.AddRange(chosen is null or TuneKind.Default ? [] : [chosen]);
            results.Add(result);
            tables.Add(TableOf(kind, result, peers, chosen));
            charts.AddRange(new ResultTable([result], chosen ?? peers[0].Name).Charts);
            Console.WriteLine($"\n{tables[^1].Title}\n\n{tables[^1].ToMarkdown()}");
            if (chosen is null)
            {
                notes.Add($"{kind.Title}: nodes and load generator were the limit; no advice.");
                Console.WriteLine(notes[^1]);
            }
        }

        string advice = $"settings to use: {(flags.Count > 0 ? string.Join(' ', flags) : "the defaults")}";
        Console.WriteLine(advice);
        string rule = string.Create(
            CultureInfo.InvariantCulture,
            $"A setting is advised that is at least {TuneAdvice.GainMin:0%} better, and better in every round.");
        Console.WriteLine(rule);
        if (options.JsonPath is string json)
        {
            ContestReport.Of(machine, [new FnlbPeer(options.FnlbPath)], results).Write(json);
        }

        if (options.HtmlPath is string html)
        {
            string work = $"{options.Rounds} rounds of {options.Duration.TotalSeconds:0} s";
            string[] facts = [$"{machine}; {work}", advice, rule, .. notes];
            new ReportPage { Title = "Settings of fnlb", Facts = facts, Tables = tables, Charts = charts }.Write(html);
        }

        return ThroughputCommand.ExitCodeOf(results);
    }

    // Loops get a processor each from the first on. More of them than that leaves free share those of the load.
    private static FnlbPeer PeerOf(string setting, TuneOptions options)
    {
        bool isLoops = setting.StartsWith(ThreadsFlag, StringComparison.Ordinal);
        int loops = isLoops ? int.Parse(setting[ThreadsFlag.Length..], CultureInfo.InvariantCulture) : 1;
        return new FnlbPeer(options.FnlbPath)
        {
            Title = setting.Length == 0 ? TuneKind.Default : setting,
            Loops = loops,
            OwnProcessors = Processors.First(loops),
            LoadsFrom = Processors.Last(LoadProcessors),
            Flags = isLoops || setting.Length == 0 ? [] : [setting],
        };
    }

    private static ReportTable TableOf(TuneKind kind, RowResult result, FnlbPeer[] peers, string? chosen) => new(
        $"{kind.Title}: {kind.Row.Title}",
        ["setting", "CPU us/request", "requests/s", "p50 ms", "p99 ms", "load busy", "failed",
            $"cost beside {peers[0].Name}", ""],
        [.. peers.Select(peer => (IReadOnlyList<string>)
        [
            peer.Name,
            Text(result.Median(peer.Name, m => m.CpuMicroseconds), "0.00"),
            Text(result.Median(peer.Name, m => m.RequestsPerSecond), "0"),
            Text(result.Median(peer.Name, m => m.P50Milliseconds), "0.000"),
            Text(result.Median(peer.Name, m => m.P99Milliseconds), "0.000"),
            Text(result.Median(peer.Name, m => m.LoadBusyShare), "0%"),
            Text(result.Rounds(peer.Name).Sum(m => m.Errors), "0"),
            peer == peers[0] ? "" : Text(result.Ratio(peer.Name, peers[0].Name, kind.Cost), "0.00"),
            peer.Name == chosen ? "use" : "",
        ])]);

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
