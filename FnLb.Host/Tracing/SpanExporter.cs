using FnLb.Core.Telemetry;

namespace FnLb.Host.Tracing;

/// <summary>Hands spans to the queues of all collectors, some at a time, on a thread of the pool.</summary>
/// <remarks>What a collector does not take is lost, and counted: neither a call waits for its trace, nor one collector
/// for another.</remarks>
internal sealed class SpanExporter : IAsyncDisposable
{
    private const int AnswerBytesMax = 1024 * 1024;

    private static readonly TimeSpan BatchWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly SpanChannel _spans;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = SendLimit,
        MaxResponseContentBufferSize = AnswerBytesMax,
    };

    private readonly CollectorQueue[] _collectors;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    public SpanExporter(SpanChannel spans, IReadOnlyList<ISpanFormat> formats, ILogger logger)
    {
        _spans = spans;
        _collectors = [.. formats.Select(format => new CollectorQueue(format, _http, logger))];
        _running = Task.Run(RunAsync);
    }

    /// <summary>Sends what there is, as far as that goes quickly.</summary>
    public async ValueTask DisposeAsync()
    {
        _spans.Complete();
        await _end.CancelAsync();
        await _running;
        await Task.WhenAll(_collectors.Select(collector => collector.Completion))
            .WaitAsync(EndLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        while (await _spans.Reader.WaitToReadAsync())
        {
            // A moment for others to join, unless there are many or these were the last.
            TimeSpan wait = _spans.Reader.Count < CollectorQueue.BatchMax ? BatchWait : TimeSpan.Zero;
            await Task.Delay(wait, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            HandOver();
        }

        Array.ForEach(_collectors, collector => collector.Complete());
    }

    private void HandOver()
    {
        List<TraceSpan> batch = [];
        while (batch.Count < CollectorQueue.BatchMax && _spans.Reader.TryRead(out TraceSpan? span))
        {
            batch.Add(span);
        }

        TraceSpan[] spans = [.. batch];
        Array.ForEach(_collectors, collector => collector.Add(spans));
    }
}
