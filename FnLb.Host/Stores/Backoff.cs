namespace FnLb.Host.Stores;

/// <summary>How long to wait before the next attempt: longer after each failure, and not the same for all balancers.
/// </summary>
internal sealed class Backoff
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private int _failures;

    /// <summary>Of a duration that doubles, from half of it to all of it, at random.</summary>
    public TimeSpan Next()
    {
        // Beyond this the duration does not grow any more.
        _failures = Math.Min(_failures + 1, 16);
        TimeSpan limit = First * Math.Pow(2, _failures - 1);
        return (limit < Longest ? limit : Longest) * (0.5 + (Random.Shared.NextDouble() / 2));
    }

    /// <summary>An attempt succeeded.</summary>
    public void Reset() => _failures = 0;
}
