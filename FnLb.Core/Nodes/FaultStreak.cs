namespace FnLb.Core.Nodes;

/// <summary>The calls in a row that went wrong at a node. Any thread; no locks, no allocation.</summary>
/// <remarks>
/// Races between loops blur the count by the calls that end at the same instant. A node that is well is only read, so
/// that the loops do not fight for the cache line.
/// </remarks>
public sealed class FaultStreak
{
    private int _connections;
    private int _serverErrors;
    private long _firstLossNanoseconds = long.MaxValue;

    /// <summary>Whether the node lost a call and has not answered any that was sent since: its process may have died.
    /// </summary>
    public bool HasLost => Volatile.Read(ref _firstLossNanoseconds) != long.MaxValue;

    /// <returns>How many of its kind there are in a row with this one; a failed connect and a lost connection are
    /// one kind.</returns>
    public int Count(TrafficFault fault) => fault == TrafficFault.ServerError
        ? Interlocked.Increment(ref _serverErrors)
        : Interlocked.Increment(ref _connections);

    /// <summary>A call was lost with its connection.</summary>
    /// <param name="sentNanoseconds">When the call was sent.</param>
    /// <param name="nowNanoseconds">Of the same clock.</param>
    /// <returns>Whether it was under way already when the node lost another call, and has not answered any that was
    /// sent since: one and the same death took both.</returns>
    public bool NoteLoss(long sentNanoseconds, long nowNanoseconds)
    {
        long first = Interlocked.CompareExchange(ref _firstLossNanoseconds, nowNanoseconds, long.MaxValue);
        return first != long.MaxValue && sentNanoseconds <= first;
    }

    /// <summary>The node answered.</summary>
    /// <param name="sentNanoseconds">When the call was sent: that of one that came after the first loss shows that the
    /// node lives. An earlier one may have been on its way when the node died.</param>
    public void NoteAnswer(bool isServerError, long sentNanoseconds)
    {
        long first = Volatile.Read(ref _firstLossNanoseconds);
        if (first < sentNanoseconds)
        {
            _ = Interlocked.CompareExchange(ref _firstLossNanoseconds, long.MaxValue, first);
        }

        if (Volatile.Read(ref _connections) != 0)
        {
            Volatile.Write(ref _connections, 0);
        }

        if (!isServerError && Volatile.Read(ref _serverErrors) != 0)
        {
            Volatile.Write(ref _serverErrors, 0);
        }
    }

    /// <summary>Counts from zero again, because the streak so far has been judged.</summary>
    public void Restart()
    {
        Volatile.Write(ref _connections, 0);
        Volatile.Write(ref _serverErrors, 0);
    }
}
