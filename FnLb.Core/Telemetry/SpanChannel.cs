using System.Threading.Channels;

namespace FnLb.Core.Telemetry;

/// <summary>Carries spans from the event loops to those who send them; when they are slow, spans are dropped.</summary>
/// <param name="sampleShare">Of the calls that come without a decision, the share that is traced; 0 to 1.</param>
/// <param name="collectors">One for each collector that the spans go to.</param>
public sealed class SpanChannel(double sampleShare, IReadOnlyList<SpanTally> collectors)
{
    private const int SpansMax = 16 * 1024;

    private readonly Channel<TraceSpan> _spans = Channel.CreateBounded<TraceSpan>(
        new BoundedChannelOptions(SpansMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public double SampleShare { get; } = sampleShare;

    public IReadOnlyList<SpanTally> Collectors { get; } = collectors;

    public ChannelReader<TraceSpan> Reader => _spans.Reader;

    /// <summary>Any thread; never waits.</summary>
    public void Add(TraceSpan span)
    {
        if (!_spans.Writer.TryWrite(span))
        {
            foreach (SpanTally collector in Collectors)
            {
                collector.CountDropped(1);
            }
        }
    }

    /// <summary>No more spans will come.</summary>
    public void Complete() => _spans.Writer.TryComplete();
}
