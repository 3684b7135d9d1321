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

    /// <returns>0; 1 when something that cannot be done without is missing or failed; 2 for wrong arguments.</returns>
    public static async Task<int> RunAsync(string[] args)
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

        foreach (Peer missing in peers.Where(peer => peer.Executable is null))
        {
            await Console.Error.WriteLineAsync($"{missing.Name} is not installed and left out");
        }

        peers.RemoveAll(peer => peer.Executable is null);
        string[] needed = options.Generator == "wrk" ? ["nginx", "taskset", "wrk"] : ["nginx", "taskset"];
        needed = [.. needed.Where(program => Shell.Find(program) is null)];
        if (needed.Length > 0 || peers.Count == 0)
        {
            await Console.Error.WriteLineAsync($"nodes and load need these programs: {string.Join(", ", needed)}");
            return 1;
        }

        return await MeasureAsync(options, peers);
    }

    private static async Task<int> MeasureAsync(ThroughputOptions options, List<Peer> peers)
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
                results.AddRange(await Contest.RunAsync(options, rows[false], peers, folder));
                tables.Add(new ResultTable([.. results], Subject));
            }

            if (rows[true].Any())
            {
                Peer[] loops = [Shared(options, OneLoop, 1), Shared(options, TwoLoops, 2)];
                IReadOnlyList<RowResult> ofLoops = await Contest.RunAsync(options, rows[true], loops, folder);
                results.AddRange(ofLoops);
                tables.Add(new ResultTable(ofLoops, TwoLoops));
            }

            string[] facts = [$"{machine}", work, .. peers.Select(peer => $"{peer.Name}: {peer.Version}")];
            Report(options, facts, tables);
            if (options.JsonPath is string path)
            {
                ContestReport.Of(machine, peers, results).Write(path);
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Both on all processors, and their load as well: what two loops cost more than one is then theirs.
    private static FnlbPeer Shared(ThroughputOptions options, string title, int loops) => new(options.FnlbPath)
    {
        Title = title,
        Loops = loops,
        OwnProcessors = Processors.All,
        LoadsFrom = Processors.All,
    };

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
