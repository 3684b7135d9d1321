namespace FnLb.Benchmarks.Throughput;

/// <summary>The published executable with one event loop; health checks and node API on, as always.</summary>
/// <param name="path">The executable; null to look for it.</param>
/// <param name="name">As the table has it.</param>
/// <param name="flags">Further flags, given the folder for its files.</param>
internal sealed class FnlbPeer(string? path, string name = "fnlb", Func<string, string[]>? flags = null) : Peer
{
    private const string Variable = "FNLB_EXECUTABLE";

    private readonly string _loadProcessors = Processors.Others;

    public override string Name => Title;

    /// <summary>What tables call it.</summary>
    public string Title { get; init; } = name;

    public int Loops { get; init; } = 1;

    /// <summary>What it runs on.</summary>
    public string OwnProcessors { get; init; } = Processors.Proxy;

    public override string LoadProcessors => _loadProcessors;

    /// <summary>What its load runs on, where that is not the usual.</summary>
    public string LoadsFrom { init => _loadProcessors = value; }

    /// <summary>Further flags.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    public override string? Executable { get; } = Find(path);

    protected override string VersionArgument => "version";

    public override IReadOnlyList<int> FurtherPorts(int port) => [port + 1];

    public override PinnedProcess Launch(int port, string folder, int clientsMax) => PinnedProcess.Start(
        OwnProcessors,
        LogPath(folder),
        Executable!,
        [
            $"-listen=127.0.0.1:{port}",
            $"-mgmt-listen=127.0.0.1:{port + 1}",
            $"-nodes={string.Join(',', NodeAddresses)}",
            $"--threads={Loops}",
            .. Flags,
            .. flags?.Invoke(folder) ?? [],
        ]);

    /// <summary>What is wrong with the name of the executable that was given; null when nothing is.</summary>
    /// <param name="given">Null when none was.</param>
    public static string? WrongFile(string? given) => given switch
    {
        not null when !File.Exists(given) => $"--fnlb \"{given}\": no such file",
        null when Named() is string named && !File.Exists(named) => $"{Variable} \"{named}\": no such file",
        _ => null,
    };

    /// <summary>The executable.</summary>
    /// <param name="given">Null to look for it.</param>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static string Require(string? given) => Find(given)
        ?? throw new InvalidOperationException(
            WrongFile(given) ?? "fnlb is needed: ./build.sh publish, or --fnlb FILE");

    private static string? Named() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : null;

    private static string? Find(string? given)
    {
        string? named = given ?? Named();
        if (named is not null)
        {
            return File.Exists(named) ? Path.GetFullPath(named) : null;
        }

        string[] starts = [Environment.CurrentDirectory, AppContext.BaseDirectory];
        return starts.SelectMany(Ancestors)
            .SelectMany(folder => (string[])[Path.Combine(folder, "artifacts", "fnlb"), Path.Combine(folder, "fnlb")])
            .FirstOrDefault(File.Exists)
            ?? Shell.Find("fnlb");
    }

    private static IEnumerable<string> Ancestors(string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            yield return folder.FullName;
        }
    }
}
