using FnLb.Core.Nodes;

namespace FnLb.Host.Stores;

/// <summary>Keeps this balancer's row: soon after its digests change, else now and then.</summary>
/// <param name="self">Name and address; its digests are those of the moment.</param>
/// <param name="others">Read after each beat, so that who asks for them has something while the store is away.</param>
internal sealed class Registration(
    BalancerTable table, KnownBalancers others, NodeDirectory directory, BalancerRow self, TimeProvider time,
    ILogger logger)
{
    /// <summary>How soon a changed digest shows, where the checks are not made more often still.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LeaveMax = TimeSpan.FromSeconds(1);

    /// <summary>A predecessor that still runs may take its name back once; who does so again is another.</summary>
    private const int TakeoversMax = 1;

    private readonly Backoff _backoff = new();
    private BalancerRow? _told;
    private long _triedAt = time.GetTimestamp();
    private TimeSpan _pause = TimeSpan.Zero;
    private string? _failure;
    private int _takeovers;

    /// <summary>Registers until stopped, then takes the row away.</summary>
    /// <param name="interval">Between checks of the nodes.</param>
    public async Task RunAsync(TimeSpan interval, CancellationToken stop)
    {
        using PeriodicTimer timer = new(interval < LookInterval ? interval : LookInterval, time);
        try
        {
            do
            {
                await LookAsync(stop);
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }

        using CancellationTokenSource limit = new(LeaveMax, time);
        try
        {
            await table.LeaveAsync(self.Name, limit.Token);
        }
        catch (Exception)
        {
            // Whatever it was, the process ends in good order; others see its age grow.
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        IReadOnlyList<Node> nodes = directory.Nodes;
        BalancerRow row = self with { Ring = NodeDigest.OfRing(nodes), Health = NodeDigest.OfHealth(nodes) };
        TimeSpan sinceTried = time.GetElapsedTime(_triedAt);
        bool isNew = row != _told;
        if (sinceTried < _pause || (!isNew && sinceTried < BalancerRow.BeatInterval))
        {
            return;
        }

        _triedAt = time.GetTimestamp();
        try
        {
            NoteTakeover(await table.BeatAsync(row, stop));
            _told = row;
            _failure = null;
            _pause = TimeSpan.Zero;
            _backoff.Reset();
            await others.RefreshAsync().WaitAsync(stop);
        }
        catch (Exception e)
        {
            // That the database is away is told by who reads the list; here only what concerns this table matters.
            _told = null;
            _pause = _backoff.Next();
            if (e.Message != _failure && !stop.IsCancellationRequested)
            {
                _failure = e.Message;
                StoreLog.NotRegistered(logger, e.Message);
            }
        }
    }

    private void NoteTakeover(bool wasAnother)
    {
        // The first time it is the row that a process before this one has left.
        bool isTakeover = wasAnother && _told is not null;
        _takeovers += isTakeover ? 1 : 0;
        if (isTakeover && _takeovers == TakeoversMax + 1)
        {
            StoreLog.SameName(logger, self.Name);
        }
    }
}
