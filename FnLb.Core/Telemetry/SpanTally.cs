namespace FnLb.Core.Telemetry;

/// <summary>What became of the spans for one collector. Any thread.</summary>
/// <param name="collector">What metrics call it.</param>
public sealed class SpanTally(string collector)
{
    private long _dropped;
    private long _sent;

    public string Collector { get; } = collector;

    /// <summary>Spans that were lost because it was too slow, not there, or refused them.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Spans that it took.</summary>
    public long Sent => Volatile.Read(ref _sent);

    public void CountDropped(int spans) => Interlocked.Add(ref _dropped, spans);

    public void CountSent(int spans) => Interlocked.Add(ref _sent, spans);
}
