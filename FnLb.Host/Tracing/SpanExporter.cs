using System.Net.Http.Headers;
using FnLb.Core.Telemetry;
using FnLb.Host.Telemetry;

namespace FnLb.Host.Tracing;

/// <summary>Sends spans to collectors, some at a time, on a thread of the pool.</summary>
/// <remarks>What a collector does not take is lost, and counted: no call waits for its trace.</remarks>
internal sealed class SpanExporter : IAsyncDisposable
{
    private const int BatchMax = 512;

    private static readonly TimeSpan BatchWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly SpanChannel _spans;
    private readonly IReadOnlyList<ISpanFormat> _formats;
    private readonly ILogger _logger;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = SendLimit };
    private readonly Task _running;
    private bool _isFailing;

    public SpanExporter(SpanChannel spans, IReadOnlyList<ISpanFormat> formats, ILogger logger)
    {
        _spans = spans;
        _formats = formats;
        _logger = logger;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Sends what there is, as far as that goes quickly.</summary>
    public async ValueTask DisposeAsync()
    {
        _spans.Complete();
        await _running.WaitAsync(EndLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
    }

    private async Task RunAsync()
    {
        List<TraceSpan> batch = [];
        while (await _spans.Reader.WaitToReadAsync())
        {
            // A moment for others to join, unless there are many or these were the last.
            TimeSpan wait = _spans.Reader.Count < BatchMax ? BatchWait : TimeSpan.Zero;
            await Task.WhenAny(_spans.Reader.Completion, Task.Delay(wait));
            while (batch.Count < BatchMax && _spans.Reader.TryRead(out TraceSpan? span))
            {
                batch.Add(span);
            }

            await SendAsync(batch);
            batch.Clear();
        }
    }

    private async Task SendAsync(List<TraceSpan> batch)
    {
        foreach (ISpanFormat format in _formats)
        {
            try
            {
                using ByteArrayContent content = new(format.Write(batch));
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using HttpResponseMessage answer = await _http.PostAsync(format.Collector, content);
                answer.EnsureSuccessStatusCode();
                _spans.CountSent(batch.Count);
                _isFailing = false;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or ObjectDisposedException)
            {
                _spans.CountDropped(batch.Count);
                if (!_isFailing)
                {
                    _isFailing = true;
                    TelemetryLog.CollectorFailed(_logger, format.Collector, e.Message);
                }
            }
        }
    }
}
