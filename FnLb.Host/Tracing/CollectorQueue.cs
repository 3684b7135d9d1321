using System.Net.Http.Headers;
using System.Threading.Channels;
using FnLb.Core.Telemetry;
using FnLb.Host.Telemetry;

namespace FnLb.Host.Tracing;

/// <summary>Sends spans to one collector, one batch after the other, on a thread of the pool.</summary>
/// <remarks>Bounded by its spans: while the collector is slow, what does not fit is dropped, and counted.</remarks>
internal sealed class CollectorQueue
{
    /// <summary>In a request.</summary>
    public const int BatchMax = 512;

    private const int SpansMax = 16 * 1024;

    private readonly ISpanFormat _format;
    private readonly HttpClient _http;
    private readonly ILogger _logger;
    private readonly Channel<TraceSpan[]> _batches = Channel.CreateUnbounded<TraceSpan[]>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    // Spans that are in the channel.
    private int _waiting;

    // Its task writes it.
    private bool _isFailing;

    public CollectorQueue(ISpanFormat format, HttpClient http, ILogger logger)
    {
        _format = format;
        _http = http;
        _logger = logger;
        Completion = Task.Run(RunAsync);
    }

    /// <summary>When what was added before <see cref="Complete"/> is sent or lost.</summary>
    public Task Completion { get; }

    /// <summary>Never waits. By one thread at a time.</summary>
    /// <param name="batch">At most <see cref="BatchMax"/>; nobody changes it from here on.</param>
    public void Add(TraceSpan[] batch)
    {
        if (Volatile.Read(ref _waiting) + batch.Length > SpansMax)
        {
            _format.Tally.CountDropped(batch.Length);
            return;
        }

        _ = Interlocked.Add(ref _waiting, batch.Length);
        _ = _batches.Writer.TryWrite(batch);
    }

    /// <summary>No more spans will come.</summary>
    public void Complete() => _batches.Writer.TryComplete();

    private async Task RunAsync()
    {
        List<TraceSpan> spans = [];
        while (await _batches.Reader.WaitToReadAsync())
        {
            // Small ones that came while the one before was under way go together.
            while (_batches.Reader.TryPeek(out TraceSpan[]? batch) && spans.Count + batch.Length <= BatchMax)
            {
                spans.AddRange(batch);
                _ = _batches.Reader.TryRead(out _);
            }

            _ = Interlocked.Add(ref _waiting, -spans.Count);
            await SendAsync(spans);
            spans.Clear();
        }
    }

    private async Task SendAsync(List<TraceSpan> spans)
    {
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Post, _format.Collector.Url);
            request.Headers.Authorization = _format.Collector.Authorization;
            request.Content = new ByteArrayContent(_format.Write(spans));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpResponseMessage answer = await _http.SendAsync(request);
            answer.EnsureSuccessStatusCode();
            long rejected = _format.CountRejected(await answer.Content.ReadAsByteArrayAsync());
            int dropped = (int)long.Clamp(rejected, 0, spans.Count);
            _format.Tally.CountDropped(dropped);
            _format.Tally.CountSent(spans.Count - dropped);
            if (_isFailing)
            {
                _isFailing = false;
                TelemetryLog.CollectorRecovered(_logger, _format.Collector.Name);
            }
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or ObjectDisposedException)
        {
            _format.Tally.CountDropped(spans.Count);
            if (!_isFailing)
            {
                _isFailing = true;
                TelemetryLog.CollectorFailed(_logger, _format.Collector.Name, e.Message);
            }
        }
    }
}
