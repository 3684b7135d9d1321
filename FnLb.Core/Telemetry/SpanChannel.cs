using System.Threading.Channels;

namespace FnLb.Core.Telemetry;

/// <summary>Carries spans from the event loops to those who send them; when they are slow, spans are dropped.</summary>
/// <param name="sampleShare">Of the calls that come without a decision, the share that is traced; 0 to 1.</param>
public sealed class SpanChannel(double sampleShare)
{
    private const int SpansMax = 16 * 1024;

    private readonly Channel<TraceSpan> _spans = Channel.CreateBounded<TraceSpan>(
        new BoundedChannelOptions(SpansMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private long _dropped;
    private long _sent;

    public double SampleShare { get; } = sampleShare;

    /// <summary>Spans that were lost because the collector was too slow or not there.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Spans that a collector took.</summary>
    public long Sent => Volatile.Read(ref _sent);

    public ChannelReader<TraceSpan> Reader => _spans.Reader;

    /// <summary>Any thread; never waits.</summary>
    public void Add(TraceSpan span)
    {
        if (!_spans.Writer.TryWrite(span))
        {
            CountDropped(1);
        }
    }

    public void CountDropped(int spans) => Interlocked.Add(ref _dropped, spans);

    public void CountSent(int spans) => Interlocked.Add(ref _sent, spans);

    /// <summary>No more spans will come.</summary>
    public void Complete() => _spans.Writer.TryComplete();
}
