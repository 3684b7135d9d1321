using FnLb.Core.Nodes;

namespace FnLb.Host.Stores;

/// <summary>The balancers of a shared store as they were read last: nobody who asks waits for the store.</summary>
internal sealed class KnownBalancers(BalancerTable table, TimeProvider time)
{
    /// <summary>Rows as old as that do for an answer; older ones are read anew.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(200);

    /// <summary>How long an answer waits for rows that are being read; a database on its feet needs less.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromMilliseconds(300);

    /// <summary>Between two attempts of those who ask, when the last has failed.</summary>
    private static readonly TimeSpan FailureMin = TimeSpan.FromSeconds(1);

    private readonly Lock _changing = new();
    private Task _reading = Task.CompletedTask;
    private volatile BalancerList _list = BalancerList.Unread;

    /// <summary>The rows as fresh as they can be had within a moment.</summary>
    public async Task<BalancerList> ReadAsync(CancellationToken aborted)
    {
        BalancerList list = _list;
        if (time.GetElapsedTime(list.TriedAt) >= (list.Failure is null ? Freshness : FailureMin) || !list.IsTried)
        {
            await RefreshAsync().WaitAsync(WaitMax, time, aborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return _list.At(time);
    }

    /// <summary>Reads the rows, or joins who does so already; a failure becomes part of the list.</summary>
    public Task RefreshAsync()
    {
        lock (_changing)
        {
            return _reading.IsCompleted ? _reading = ReadOnceAsync() : _reading;
        }
    }

    private async Task ReadOnceAsync()
    {
        BalancerList before = _list;
        try
        {
            List<BalancerRow> rows = await table.ListAsync(CancellationToken.None);
            long now = time.GetTimestamp();
            _list = new BalancerList { Rows = rows, IsTried = true, IsRead = true, TriedAt = now, ReadAt = now };
        }
        catch (Exception e)
        {
            string failure = e is NodeStoreException ? e.Message : $"unexpected {e.GetType().Name}: {e.Message}";
            _list = before with { Failure = failure, IsTried = true, TriedAt = time.GetTimestamp() };
        }
    }
}
