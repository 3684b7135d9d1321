using FnLb.Benchmarks.Reports;

namespace FnLb.Benchmarks.Throughput;

/// <summary>
/// <c>fnlb-bench compare</c>, also called <c>throughput</c>: the same work for every proxy that is installed, in turn,
/// in one run.
/// </summary>
internal static class ThroughputCommand
{
    private const string Subject = "fnlb";
    private const string Before = "before";
    private const string OneLoop = "fnlb, 1 loop";
    private const string TwoLoops = "fnlb, 2 loops";

    /// <returns>
    /// 0; 1 when something that cannot be done without is missing, or calls failed; 2 for wrong arguments.
    /// </returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        if (!ThroughputOptions.TryParse(args, out ThroughputOptions? options, out string? error))
        {
            await Console.Error.WriteLineAsync($"fnlb-bench: {error}");
            return 2;
        }

        if (options.ShowsHelp)
        {
            Console.WriteLine(ThroughputOptions.Usage);
            foreach (WorkRow row in WorkRows.All)
            {
                Console.WriteLine($"  {row.Name,-10} {row.Title}");
            }

            return 0;
        }

        List<Peer> peers = [new FnlbPeer(options.FnlbPath), new HaproxyPeer(), new NginxPeer(), new EnvoyPeer()];
        peers.RemoveAll(peer => options.Peers?.Contains(peer.Name) == false);
        if (options.BeforePath is { } before)
        {
            peers.Add(new FnlbPeer(before, Before));
        }

        foreach (Peer missing in peers.Where(peer => peer.Executable is null && !IsNeeded(peer, options)))
        {
            await Console.Error.WriteLineAsync($"{missing.Name} is not installed and left out");
        }

        string[] needed =
        [
            .. ((string[])["nginx", "taskset", options.Generator == "wrk" ? "wrk" : "nginx"])
                .Where(program => Shell.Find(program) is null),
            .. peers.Where(peer => peer.Executable is null && IsNeeded(peer, options)).Select(peer => peer.Name),
        ];
        if (needed.Length > 0)
        {
            await Console.Error.WriteLineAsync(
                $"fnlb-bench: these programs are needed and missing: {string.Join(", ", needed.Distinct())}");
            return 1;
        }

        peers.RemoveAll(peer => peer.Executable is null);
        return await MeasureAsync(options, peers, stop);
    }

    private static async Task<int> MeasureAsync(
        ThroughputOptions options, List<Peer> peers, CancellationToken stop)
    {
        MachineFacts machine = MachineFacts.Read();
        string work = $"{options.Rounds} rounds of {options.Duration.TotalSeconds:0} s, by {options.Generator}";
        Console.WriteLine($"{machine}; {work}");
        foreach (Peer peer in peers)
        {
            Console.WriteLine($"{peer.Name}: {peer.Version}");
        }

        string folder = Directory.CreateTempSubdirectory("fnlb-bench-").FullName;
        try
        {
            using PinnedProcess nodes = BackendNodes.Start(Shell.Find("nginx")!, folder);
            ILookup<bool, WorkRow> rows = options.Rows.ToLookup(row => row.Kind == WorkKind.Loops);
            List<RowResult> results = [];
            List<ResultTable> tables = [];
            if (rows[false].Any())
            {
                results.AddRange(await Contest.RunAsync(options, rows[false], peers, nodes, folder, stop));
                tables.Add(new ResultTable([.. results], Subject));
            }

            if (rows[true].Any())
            {
                Peer[] loops = [Shared(options, OneLoop, 1), Shared(options, TwoLoops, 2)];
                IReadOnlyList<RowResult> ofLoops =
                    await Contest.RunAsync(options, rows[true], loops, nodes, folder, stop);
                results.AddRange(ofLoops);
                tables.Add(new ResultTable(ofLoops, TwoLoops));
            }

            string[] facts = [$"{machine}", work, .. peers.Select(peer => $"{peer.Name}: {peer.Version}")];
            if (options.JsonPath is string path)
            {
                ContestReport.Of(machine, peers, results).Write(path);
            }

            Report(options, facts, tables);
            return ExitCodeOf(results);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // fnlb, as all is compared with it, and who was asked for by name.
    private static bool IsNeeded(Peer peer, ThroughputOptions options) =>
        peer is FnlbPeer || options.Peers?.Contains(peer.Name) == true;

    // Both on all processors, and their load as well: what two loops cost more than one is then theirs.
    private static FnlbPeer Shared(ThroughputOptions options, string title, int loops) => new(options.FnlbPath)
    {
        Title = title,
        Loops = loops,
        OwnProcessors = Processors.All,
        LoadsFrom = Processors.All,
    };

    /// <summary>0; 1, and a line that says so, when calls failed.</summary>
    public static int ExitCodeOf(IEnumerable<RowResult> results)
    {
        long errors = results.Sum(result => result.Errors);
        if (errors > 0)
        {
            Console.Error.WriteLine($"fnlb-bench: {errors} calls failed");
        }

        return errors > 0 ? 1 : 0;
    }

    private static void Report(ThroughputOptions options, IReadOnlyList<string> facts, List<ResultTable> tables)
    {
        foreach (ReportTable table in tables.SelectMany(table => table.Tables))
        {
            Console.WriteLine($"\n{table.ToMarkdown()}");
        }

        if (options.HtmlPath is string path)
        {
            ReportPage page = new()
            {
                Title = "fnlb beside other proxies",
                Facts = facts,
                Tables = [.. tables.SelectMany(table => table.Tables)],
                Charts = [.. tables.SelectMany(table => table.Charts)],
            };
            page.Write(path);
        }
    }
}
