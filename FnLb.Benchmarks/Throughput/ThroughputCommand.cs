using FnLb.Benchmarks.Reports;

namespace FnLb.Benchmarks.Throughput;

/// <summary>
/// <c>fnlb-bench throughput</c>: the same work for every proxy that is installed, in turn, in one run.
/// </summary>
internal static class ThroughputCommand
{
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

        List<Peer> peers = [new FnlbPeer(options.FnlbPath), new HaproxyPeer(), new NginxPeer()];
        foreach (Peer missing in peers.Where(peer => peer.Executable is null))
        {
            await Console.Error.WriteLineAsync($"{missing.Name} is not installed and left out");
        }

        peers.RemoveAll(peer => peer.Executable is null);
        string[] needed = [.. ((string[])["nginx", "wrk", "taskset"]).Where(program => Shell.Find(program) is null)];
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
        Console.WriteLine($"{machine}; {options.Rounds} rounds of {options.Duration.TotalSeconds:0} s");
        foreach (Peer peer in peers)
        {
            Console.WriteLine($"{peer.Name}: {peer.Version}");
        }

        string folder = Directory.CreateTempSubdirectory("fnlb-bench-").FullName;
        try
        {
            using PinnedProcess nodes = BackendNodes.Start(Shell.Find("nginx")!, folder);
            IReadOnlyList<RowResult> results = await Contest.RunAsync(options, peers, folder);
            Console.WriteLine();
            Console.WriteLine(ResultTable.Format(results));
            if (options.JsonPath is string path)
            {
                ResultFile.Write(path, machine, peers, results);
            }

            return 0;
        }
        catch (InvalidOperationException e)
        {
            await Console.Error.WriteLineAsync($"fnlb-bench: {e.Message}");
            return 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
