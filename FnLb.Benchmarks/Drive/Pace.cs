namespace FnLb.Benchmarks.Drive;

/// <summary>When the calls of an open loop are due, whatever has become of the earlier ones.</summary>
/// <remarks>
/// A latency counts from here, not from when the call could be sent: a server that stands still for a second then
/// shows in every call that was due in that second, not in the one that happened to be under way.
/// </remarks>
internal sealed class Pace
{
    private readonly double _gapNanoseconds;
    private readonly Random? _random;
    private double _next;

    /// <param name="callsPerSecond">Above 0.</param>
    /// <param name="firstNanoseconds">When the first call is due.</param>
    /// <param name="seed">Of the gaps, where they are random.</param>
    public Pace(double callsPerSecond, double firstNanoseconds, ArrivalKind kind, int seed)
    {
        _gapNanoseconds = 1e9 / callsPerSecond;
        _next = firstNanoseconds;
        _random = kind == ArrivalKind.Poisson ? new Random(seed) : null;
    }

    /// <summary>When the next call is due, in nanoseconds.</summary>
    public long NextNanoseconds => (long)_next;

    public void Advance() => _next += _random is null
        ? _gapNanoseconds
        : -Math.Log(1 - _random.NextDouble()) * _gapNanoseconds;
}
