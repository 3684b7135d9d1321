using FnLb.Core.Nodes;

namespace FnLb.Host.Stores;

/// <summary>Keeps this balancer's row: at once when its digests change, else now and then.</summary>
internal sealed class Registration(
    BalancerTable table, NodeDirectory directory, string name, string address, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LeaveMax = TimeSpan.FromSeconds(1);

    private long _beatAt;
    private string _told = "";
    private string? _failure;

    /// <summary>Registers until stopped, then takes the row away.</summary>
    /// <param name="interval">How soon a change shows.</param>
    public async Task RunAsync(TimeSpan interval, CancellationToken stop)
    {
        TimeSpan longest = BalancerRow.BeatInterval;
        using PeriodicTimer timer = new(interval < longest ? interval : longest, time);
        try
        {
            do
            {
                await BeatAsync(stop);
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
            await table.LeaveAsync(name, limit.Token);
        }
        catch (Exception e) when (e is NodeStoreException or OperationCanceledException)
        {
            // Others see its age grow.
        }
    }

    private async Task BeatAsync(CancellationToken stop)
    {
        IReadOnlyList<Node> nodes = directory.Nodes;
        string ring = NodeDigest.OfRing(nodes);
        string health = NodeDigest.OfHealth(nodes);
        if (ring + health == _told && time.GetElapsedTime(_beatAt) < BalancerRow.BeatInterval)
        {
            return;
        }

        try
        {
            await table.BeatAsync(new BalancerRow(name, address, ring, health, TimeSpan.Zero), stop);
            _told = ring + health;
            _beatAt = time.GetTimestamp();
            _failure = null;
        }
        catch (NodeStoreException e)
        {
            // That the database is away is told by who reads the list; here only what concerns this table matters.
            if (e.Message != _failure)
            {
                _failure = e.Message;
                StoreLog.NotRegistered(logger, e.Message);
            }
        }
    }
}
