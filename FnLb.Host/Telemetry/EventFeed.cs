namespace FnLb.Host.Telemetry;

/// <summary>Gives a snapshot a second to whoever listens; makes none while nobody does. Any thread.</summary>
/// <remarks>Nothing is queued: a listener that is slow gets the next snapshot when it asks for it.</remarks>
internal sealed class EventFeed(LiveView view)
{
    /// <summary>Listeners at once.</summary>
    public const int ListenersMax = 64;

    private TaskCompletionSource<LiveSnapshot> _next = NewSource();
    private int _listeners;

    /// <returns>False when there are as many as may be; else <see cref="Leave"/> follows.</returns>
    public bool TryJoin()
    {
        if (Interlocked.Increment(ref _listeners) <= ListenersMax)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _listeners);

    /// <summary>The snapshot of the second that runs, when it is over.</summary>
    public Task<LiveSnapshot> NextAsync(CancellationToken cancellation) =>
        Volatile.Read(ref _next).Task.WaitAsync(cancellation);

    /// <summary>A second is over.</summary>
    public void Publish()
    {
        if (Volatile.Read(ref _listeners) > 0)
        {
            // First, for it may throw: whoever waits then gets the snapshot of the second after.
            LiveSnapshot snapshot = view.Snapshot();
            Interlocked.Exchange(ref _next, NewSource()).SetResult(snapshot);
        }
    }

    private static TaskCompletionSource<LiveSnapshot> NewSource() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
