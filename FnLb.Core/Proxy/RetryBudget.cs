namespace FnLb.Core.Proxy;

/// <summary>Bounds the calls of one loop that run a second time, so that a failing cluster is not given more work the
/// more it fails.</summary>
/// <remarks>A fifth of the calls in flight, and a few a second even when there are hardly any. Calls that never started
/// do not count: placing them elsewhere is no second run. Of the calls that one node's death takes along only the first
/// counts: each runs a second time at most once, and the node cannot lose them again. Each that it loses later, before
/// it has answered one, counts. A call whose connection had been used before does not: the node most likely closed that
/// for being idle, and the second time gets a new one.</remarks>
internal sealed class RetryBudget
{
    private const double Share = 0.2;

    private readonly double _minPerSecond;
    private double _tokens;
    private long _refilledMilliseconds;
    private int _calls;
    private int _repeats;

    public RetryBudget(double minPerSecond)
    {
        _minPerSecond = minPerSecond;
        _tokens = minPerSecond;
    }

    public void Enter() => _calls++;

    /// <param name="isRepeat">Whether the call had taken from the budget.</param>
    public void Leave(bool isRepeat)
    {
        _calls--;
        _repeats -= isRepeat ? 1 : 0;
    }

    /// <summary>
    /// Calls that may run again now, one after the other without any that ends. Any thread; may be a moment behind.
    /// </summary>
    public int Left(long nowMilliseconds)
    {
        double share = (Volatile.Read(ref _calls) * Share) - Volatile.Read(ref _repeats);
        return (int)Math.Max(0, share) + (int)Refilled(nowMilliseconds);
    }

    /// <returns>Whether one more call may run again; it counts as a repeat until it leaves.</returns>
    public bool TryTake(long nowMilliseconds)
    {
        if (_repeats + 1 > _calls * Share)
        {
            _tokens = Refilled(nowMilliseconds);
            _refilledMilliseconds = nowMilliseconds;
            if (_tokens < 1)
            {
                return false;
            }

            _tokens--;
        }

        _repeats++;
        return true;
    }

    private double Refilled(long nowMilliseconds)
    {
        double refill = (nowMilliseconds - Volatile.Read(ref _refilledMilliseconds)) * _minPerSecond / 1000;
        return Math.Min(_minPerSecond, Volatile.Read(ref _tokens) + refill);
    }
}
