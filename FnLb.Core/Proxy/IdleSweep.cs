using FnLb.Core.Transport;

namespace FnLb.Core.Proxy;

/// <summary>Takes the pipes back from connections that have been idle for a while, so that ten thousand of them cost
/// their sockets and little else.</summary>
/// <remarks>Not at the end of each exchange: a busy connection would give its pipe back and take one again for every
/// call.</remarks>
internal sealed class IdleSweep(ProxyLoop proxy) : TimerEntry
{
    private const int PeriodMilliseconds = 2_000;

    private long _sweptUntil = -1;

    /// <summary>A connection became idle.</summary>
    public void Expect()
    {
        if (!IsScheduled)
        {
            proxy.Loop.Timers.Schedule(this, proxy.Loop.NowMilliseconds + PeriodMilliseconds);
        }
    }

    public override void OnDue(long nowMilliseconds)
    {
        // Both lists are in the order of last use: what is older than the last sweep's reach was swept by it.
        long reach = nowMilliseconds - PeriodMilliseconds;
        bool hasMore = false;
        ClientConnection? client = proxy.IdleClients.Newest;
        for (; client is not null && client.LastProgressMilliseconds > _sweptUntil; client = client.OlderIdle)
        {
            hasMore |= !client.TryPark(reach);
        }

        foreach (NodePool pool in proxy.Pools)
        {
            NodeConnection? node = pool.Last;
            for (; node is not null && node.LastProgressMilliseconds > _sweptUntil; node = node.Older)
            {
                hasMore |= !node.TryPark(reach);
            }
        }

        _sweptUntil = reach;
        if (hasMore)
        {
            Expect();
        }
    }
}
