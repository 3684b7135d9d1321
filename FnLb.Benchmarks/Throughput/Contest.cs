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
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    private readonly ThroughputOptions _options;
    private readonly List<Peer> _peers;
    private readonly string _folder;
    private readonly Dictionary<Peer, PinnedProcess> _running = [];

    private Contest(ThroughputOptions options, List<Peer> peers, string folder)
    {
        _options = options;
        _peers = peers;
        _folder = folder;
    }

    public static async Task<IReadOnlyList<RowResult>> RunAsync(
        ThroughputOptions options, List<Peer> peers, string folder)
    {
        Contest contest = new(options, peers, folder);
        try
        {
            await contest.StartPeersAsync();
            return await contest.RunRowsAsync();
        }
        finally
        {
            foreach (PinnedProcess process in contest._running.Values)
            {
                process.Dispose();
            }
        }
    }

    private async Task StartPeersAsync()
    {
        foreach (Peer peer in _peers)
        {
            _running[peer] = await peer.StartAsync(PortOf(peer), _folder, ClientsMax);
            Console.WriteLine($"{peer.Name}: {Megabytes(_running[peer])} MB resident at rest");
        }
    }

    private async Task<IReadOnlyList<RowResult>> RunRowsAsync()
    {
        List<RowResult> results = [];
        foreach (WorkRow row in _options.Rows)
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
                return new Measurement { FirstAnswerMilliseconds = FirstAnswer.Measure(peer, freshPort, _folder) };
            case WorkKind.IdleConnections:
                using (PinnedProcess fresh = await peer.StartAsync(freshPort, _folder, row.Clients + 100))
                {
                    double bytes = await IdleConnections.MeasureAsync(fresh, freshPort, row.Clients);
                    return new Measurement { BytesPerConnection = bytes };
                }

            default:
                if (isFirst)
                {
                    await WrkLoad.RunAsync(row, PortOf(peer), WarmUp, _folder);
                }

                return await LoadAsync(row, peer);
        }
    }

    private async Task<Measurement> LoadAsync(WorkRow row, Peer peer)
    {
        CpuTime before = _running[peer].Cpu;
        LoadResult load = await WrkLoad.RunAsync(row, PortOf(peer), _options.Duration, _folder);
        CpuTime spent = _running[peer].Cpu - before;
        double microsecondsPerRequest = 1e6 / Math.Max(1, load.Requests);
        return new Measurement
        {
            UserMicroseconds = spent.User * microsecondsPerRequest,
            SystemMicroseconds = spent.System * microsecondsPerRequest,
            RequestsPerSecond = load.Requests / load.Seconds,
            P50Milliseconds = load.P50Milliseconds,
            P99Milliseconds = load.P99Milliseconds,
            Errors = load.Errors,
        };
    }

    private int PortOf(Peer peer) => FirstPort + (_peers.IndexOf(peer) * PortsPerPeer);

    private static string Megabytes(PinnedProcess process) =>
        (process.ResidentBytes / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture);
}
