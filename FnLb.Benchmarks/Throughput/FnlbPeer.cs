namespace FnLb.Benchmarks.Throughput;

/// <summary>The published executable with one event loop; health checks and node API on, as always.</summary>
/// <param name="path">The executable; null to look for it.</param>
/// <param name="name">As the table has it.</param>
/// <param name="flags">Further flags, given the folder for its files.</param>
internal sealed class FnlbPeer(string? path, string name = "fnlb", Func<string, string[]>? flags = null) : Peer
{
    public override string Name => name;

    public override string? Executable { get; } = Find(path);

    protected override string VersionArgument => "version";

    public override PinnedProcess Launch(int port, string folder, int clientsMax)
    {
        string[] all =
        [
            $"-listen=127.0.0.1:{port}", $"-mgmt-listen=127.0.0.1:{port + 1}",
            $"-nodes={string.Join(',', NodeAddresses)}", "--threads=1", .. flags?.Invoke(folder) ?? [],
        ];
        return PinnedProcess.Start(Processors.Proxy, LogPath(folder), Executable!, all);
    }

    private static string? Find(string? given)
    {
        string? named = given ?? Environment.GetEnvironmentVariable("FNLB_EXECUTABLE");
        if (!string.IsNullOrEmpty(named))
        {
            return File.Exists(named) ? Path.GetFullPath(named) : null;
        }

        string[] starts = [Environment.CurrentDirectory, AppContext.BaseDirectory];
        return starts.SelectMany(Ancestors)
            .Select(folder => Path.Combine(folder, "artifacts", "fnlb"))
            .FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Ancestors(string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            yield return folder.FullName;
        }
    }
}
