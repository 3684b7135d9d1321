using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;

namespace FnLb.Tests.Harness;

/// <summary>Receives what is posted to it, as a collector of spans does.</summary>
internal sealed class SpanCollector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, string ContentType, JsonElement Body)> _posts = new();
    private readonly ConcurrentQueue<string?> _authorizations = new();
    private readonly byte[] _answer;

    private SpanCollector(int port, string answer)
    {
        _answer = Encoding.UTF8.GetBytes(answer);
        Url = $"http://127.0.0.1:{port}";
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _ = ReceiveAsync();
    }

    public string Url { get; }

    public IReadOnlyCollection<(string Path, string ContentType, JsonElement Body)> Posts => _posts;

    /// <summary>The Authorization field of each post; null where there was none.</summary>
    public IReadOnlyCollection<string?> Authorizations => _authorizations;

    /// <summary>Zipkin's spans so far.</summary>
    /// <exception cref="FormatException">One is not as the schema has it.</exception>
    public JsonElement[] Zipkin
    {
        get
        {
            JsonElement[] spans = [.. _posts.SelectMany(post => post.Body.EnumerateArray())];
            Array.ForEach(spans, SpanSchema.CheckZipkin);
            return spans;
        }
    }

    /// <summary>OpenTelemetry's spans so far.</summary>
    /// <inheritdoc cref="Zipkin" path="/exception"/>
    public JsonElement[] Otlp
    {
        get
        {
            JsonElement[] resources =
                [.. _posts.SelectMany(post => post.Body.GetProperty("resourceSpans").EnumerateArray())];
            Array.ForEach(resources, SpanSchema.CheckOtlpResource);
            JsonElement[] spans = [.. resources
                .SelectMany(resource => resource.GetProperty("scopeSpans").EnumerateArray())
                .SelectMany(scope => scope.GetProperty("spans").EnumerateArray())];
            Array.ForEach(spans, SpanSchema.CheckOtlp);
            return spans;
        }
    }

    /// <param name="port">Where it listens; 0 for any.</param>
    /// <param name="answer">The body of its answers.</param>
    public static SpanCollector Start(int port = 0, string answer = "") =>
        new(port == 0 ? FreePort.Next() : port, answer);

    public void Dispose() => _listener.Close();

    private async Task ReceiveAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using JsonDocument body = await JsonDocument.ParseAsync(context.Request.InputStream);
            _posts.Enqueue((context.Request.Url!.AbsolutePath, context.Request.ContentType!, body.RootElement.Clone()));
            _authorizations.Enqueue(context.Request.Headers["Authorization"]);
            context.Response.StatusCode = (int)HttpStatusCode.Accepted;
            context.Response.Close(_answer, willBlock: false);
        }
    }
}
