namespace FnLb.Core.Nodes;

/// <summary>How many calls in a row went wrong at a node. Any thread; no locks, no allocation.</summary>
/// <remarks>
/// Races between loops blur the count by the calls that end at the same instant. A node that is well is only read, so
/// that the loops do not fight for the cache line.
/// </remarks>
public sealed class FaultStreak
{
    private int _connections;
    private int _serverErrors;

    /// <returns>How many of its kind there are in a row with this one; a failed connect and a lost connection are
    /// one kind.</returns>
    public int Count(TrafficFault fault) => fault == TrafficFault.ServerError
        ? Interlocked.Increment(ref _serverErrors)
        : Interlocked.Increment(ref _connections);

    /// <summary>The node answered.</summary>
    public void NoteAnswer(bool isServerError)
    {
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
