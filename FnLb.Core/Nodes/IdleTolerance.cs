namespace FnLb.Core.Nodes;

/// <summary>
/// For how long a node lets a connection idle, as its connections have shown: a call that must not run twice takes a
/// used connection only within that. Any thread; no locks, no allocation.
/// </summary>
/// <remarks>
/// A close and a request that cross look like a node that died in mid-call: the close has to be foreseen. Two things
/// bound the time, half the longest that a connection was seen to stay open and half the shortest after which the node
/// closed one: the other half is for a machine so busy that a close is late to happen or to be seen. Whoever closes
/// within a second does so at any time, and so may one of whom no connection was seen to idle for longer: then no used
/// connection is safe. Updates of two loops at once may lose one: the next says the same.
/// </remarks>
public sealed class IdleTolerance
{
    // Servers that close idle connections as a rule wait for a second at the least.
    private const long RuleMillisecondsMin = 1_000;

    // A node that was restarted behaves as before after this; one that closes at any time does so more often.
    private const long MemoryMilliseconds = 60_000;

    private long _keptMilliseconds;
    private long _closedMilliseconds = long.MaxValue;
    private long _closedAtMilliseconds;

    /// <summary>Whether the node surely still has a connection that has been idle for so long.</summary>
    /// <param name="nowMilliseconds">Monotonic; the same clock for all calls.</param>
    public bool Covers(long idleMilliseconds, long nowMilliseconds)
    {
        long closed = Volatile.Read(ref _closedMilliseconds);
        bool isForgotten = nowMilliseconds - Volatile.Read(ref _closedAtMilliseconds) >= MemoryMilliseconds;
        long open = Volatile.Read(ref _keptMilliseconds);
        open = isForgotten ? open : Math.Min(open, closed);
        return open >= RuleMillisecondsMin && idleMilliseconds < open / 2;
    }

    /// <summary>A connection was still open after it had been idle for so long.</summary>
    public void NoteKept(long idleMilliseconds)
    {
        if (idleMilliseconds > Volatile.Read(ref _keptMilliseconds))
        {
            Volatile.Write(ref _keptMilliseconds, idleMilliseconds);
        }
    }

    /// <summary>The node closed a connection that had been idle for so long.</summary>
    public void NoteClosed(long idleMilliseconds, long nowMilliseconds)
    {
        // Two closes by one rule differ by a timer's grain: the later must count as its confirmation.
        long whole = idleMilliseconds - (idleMilliseconds % RuleMillisecondsMin);
        bool isForgotten = nowMilliseconds - Volatile.Read(ref _closedAtMilliseconds) >= MemoryMilliseconds;
        if (whole <= Volatile.Read(ref _closedMilliseconds) || isForgotten)
        {
            Volatile.Write(ref _closedMilliseconds, whole);
            Volatile.Write(ref _closedAtMilliseconds, nowMilliseconds);
        }

        if (Volatile.Read(ref _keptMilliseconds) > whole)
        {
            Volatile.Write(ref _keptMilliseconds, whole);
        }
    }

    /// <summary>What listens at the address may be another process from here on: nothing is known of it.</summary>
    public void Forget()
    {
        Volatile.Write(ref _keptMilliseconds, 0);
        Volatile.Write(ref _closedMilliseconds, long.MaxValue);
    }
}
