using System.Globalization;

namespace FnLb.Benchmarks.Throughput;

/// <summary>
/// Gives each row to each proxy in turn, round after round, so that a machine that gets slower or faster meets all
/// alike.
/// </summary>
internal sealed class Contest
{
    private const int FirstPort = 18_201;
    private const int PortsPerPeer = 10;
    private const int ClientsMax = 5000;
    private const double PacedShare = 0.6;
    private const int PeakRounds = 3;
    private const string PaceReference = "haproxy";
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    private readonly ThroughputOptions _options;
    private readonly IReadOnlyList<Peer> _peers;
    private readonly PinnedProcess _nodes;
    private readonly string _folder;
    private readonly Dictionary<Peer, PinnedProcess> _running = [];
    private readonly CancellationToken _stop;
    private double _pacedRate;

    private Contest(
        ThroughputOptions options, IReadOnlyList<Peer> peers, PinnedProcess nodes, string folder,
        CancellationToken stop)
    {
        _nodes = nodes;
        _stop = stop;
        _options = options;
        _peers = peers;
        _folder = folder;
    }

    /// <summary>Runs the rows on peers that are started for them and ended after them.</summary>
    /// <param name="nodes">What the peers are in front of.</param>
    public static async Task<IReadOnlyList<RowResult>> RunAsync(
        ThroughputOptions options, IEnumerable<WorkRow> rows, IReadOnlyList<Peer> peers, PinnedProcess nodes,
        string folder, CancellationToken stop)
    {
        Contest contest = new(options, peers, nodes, folder, stop);
        try
        {
            await contest.StartPeersAsync();
            return await contest.RunRowsAsync(rows);
        }
        finally
        {
            PinnedProcess.EndAll(contest._running.Values);
        }
    }

    private async Task StartPeersAsync()
    {
        foreach (Peer peer in _peers)
        {
            _running[peer] = await peer.StartAsync(PortOf(peer), _folder, ClientsMax, _stop);
            Console.WriteLine($"{peer.Name}: {Megabytes(_running[peer])} MB resident at rest");
        }
    }

    private async Task<IReadOnlyList<RowResult>> RunRowsAsync(IEnumerable<WorkRow> rows)
    {
        List<RowResult> results = [];
        foreach (WorkRow row in rows)
        {
            RowResult result = new(row);
            results.Add(result);
            for (int round = 0; round < _options.Rounds; round++)
            {
                foreach (Peer peer in _peers)
                {
                    Measurement measurement = await MeasureAsync(row, peer, isFirst: round == 0);
                    result.Add(peer.Name, measurement);
                    string figure = measurement.Compared(row.Kind).ToString("0.00", CultureInfo.InvariantCulture);
                    Console.Error.WriteLine($"{row.Name} round {round + 1} {peer.Name} {figure}");
                }
            }
        }

        foreach (Peer peer in _peers)
        {
            Console.WriteLine($"{peer.Name}: {Megabytes(_running[peer])} MB resident after all rows");
        }

        return results;
    }

    private async Task<Measurement> MeasureAsync(WorkRow row, Peer peer, bool isFirst)
    {
        // One that was never under load shows what a connection costs and how long a start takes.
        int freshPort = PortOf(peer) + (PortsPerPeer / 2);
        switch (row.Kind)
        {
            case WorkKind.FirstAnswer:
                double milliseconds = FirstAnswer.Measure(peer, freshPort, _folder, _stop);
                return new Measurement { FirstAnswerMilliseconds = milliseconds };
            case WorkKind.IdleConnections:
                using (PinnedProcess fresh = await peer.StartAsync(freshPort, _folder, row.Clients + 100, _stop))
                {
                    double bytes = await IdleConnections.MeasureAsync(fresh, freshPort, row.Clients, _stop);
                    return new Measurement { BytesPerConnection = bytes };
                }

            case WorkKind.Paced:
                _pacedRate = _pacedRate > 0 ? _pacedRate : await ChooseRateAsync(row);
                return await LoadAsync(peer, () => DriveLoad.RunAsync(
                    row, PortOf(peer), _options.Duration, _folder, _pacedRate, LoadThreads(row), peer.LoadProcessors,
                    _stop));
            default:
                if (isFirst)
                {
                    await LoadAsync(row, peer, WarmUp);
                }

                return await LoadAsync(peer, () => LoadAsync(row, peer, _options.Duration));
        }
    }

    // One load for all, chosen once: what callers wait depends on how much there is to do.
    private async Task<double> ChooseRateAsync(WorkRow row)
    {
        Peer reference = _peers.FirstOrDefault(peer => peer.Name == PaceReference) ?? _peers[0];
        List<double> peaks = [];
        for (int round = 0; round < PeakRounds; round++)
        {
            peaks.Add((await LoadAsync(row, reference, _options.Duration)).RequestsPerSecond);
        }

        double rate = Math.Round(RowResult.Median(peaks) * PacedShare);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{row.Name}: {rate:N0}/s, of {reference.Name}'s peak {PacedShare:0%}"));
        return rate;
    }

    private Task<LoadResult> LoadAsync(WorkRow row, Peer peer, TimeSpan duration) => _options.Generator == "wrk"
        ? WrkLoad.RunAsync(row, PortOf(peer), duration, _folder, peer.LoadProcessors, _stop)
        : DriveLoad.RunAsync(
            row, PortOf(peer), duration, _folder, rate: null, LoadThreads(row), peer.LoadProcessors, _stop);

    private async Task<Measurement> LoadAsync(Peer peer, Func<Task<LoadResult>> run)
    {
        CpuTime before = _running[peer].Cpu;
        CpuTime nodesBefore = _nodes.Cpu;
        LoadResult load = await run();
        CpuTime spent = _running[peer].Cpu - before;
        double loadSeconds = (_nodes.Cpu - nodesBefore).Total + load.GeneratorCpuSeconds;
        double microsecondsPerRequest = 1e6 / Math.Max(1, load.Requests);
        return new Measurement
        {
            UserMicroseconds = spent.User * microsecondsPerRequest,
            SystemMicroseconds = spent.System * microsecondsPerRequest,
            RequestsPerSecond = load.RequestsPerSecond,
            P50Milliseconds = load.P50Milliseconds,
            P99Milliseconds = load.P99Milliseconds,
            LateP99Milliseconds = load.LateP99Milliseconds,
            Errors = load.Errors,
            LoadBusyShare = loadSeconds / (load.WholeSeconds * Processors.CountOf(peer.LoadProcessors)),
        };
    }

    private int LoadThreads(WorkRow row) => int.Min(_options.LoadThreads, row.Clients);

    private int PortOf(Peer peer) =>
        FirstPort + (Enumerable.Range(0, _peers.Count).First(index => _peers[index] == peer) * PortsPerPeer);

    private static string Megabytes(PinnedProcess process) =>
        (process.ResidentBytes / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture);
}
