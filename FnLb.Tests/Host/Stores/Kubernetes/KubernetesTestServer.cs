using System.Globalization;
using System.Net;
using System.Text;
using System.Threading.Channels;
using FnLb.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FnLb.Tests.Host.Stores.Kubernetes;

/// <summary>Speaks list and watch of the Kubernetes API over HTTPS, and misbehaves when a test asks it to.</summary>
internal sealed class KubernetesTestServer : IAsyncDisposable
{
    private readonly Lock _changing = new();
    private readonly Dictionary<string, string> _objects = [];
    private readonly List<(int Version, string Line)> _events = [];
    private readonly List<Channel<string>> _watchers = [];
    private readonly LoopbackCertificate _certificate = new();
    private WebApplication? _app;
    private int _version = 100;
    private int _compacted;
    private int _lists;
    private int _watches;

    public int Port { get; } = FreePort.Next();

    public string Token { get; set; } = "token-1";

    /// <summary>Answers every call with it instead of 200; null for none.</summary>
    public (int Status, string Message)? Refusal { get; set; }

    /// <summary>A path with this text in it is not there; null for none.</summary>
    public string? MissingPath { get; set; }

    /// <summary>Whether an account may list and not watch.</summary>
    public bool ForbidsWatches { get; set; }

    /// <summary>Answers each list with it; null for the list.</summary>
    public string? ListBody { get; set; }

    /// <summary>Ends each watch as soon as it began.</summary>
    public bool ClosesWatches { get; set; }

    /// <summary>Most objects in one answer to a list.</summary>
    public int PageItems { get; set; } = 500;

    public int Lists => Volatile.Read(ref _lists);

    public int Watches => Volatile.Read(ref _watches);

    public int OpenWatches
    {
        get
        {
            lock (_changing)
            {
                return _watchers.Count;
            }
        }
    }

    /// <summary>Paths with their queries, in order.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Requests { get; } = new();

    public string CertificatePem => _certificate.Pem;

    public async Task StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, Port, listen => listen.UseHttps(_certificate.Certificate)));
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
    }

    /// <summary>Ends its streams cleanly and takes no connections until it is started again.</summary>
    public async Task StopAsync()
    {
        CloseStreams();
        using CancellationTokenSource atOnce = new(TimeSpan.FromMilliseconds(100));
        await _app!.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await StopAsync();
        }

        _certificate.Dispose();
    }

    /// <param name="json">With the text VERSION where its resourceVersion belongs.</param>
    public void Put(string name, string json)
    {
        lock (_changing)
        {
            _version++;
            string text = json.Replace("VERSION", Text(_version), StringComparison.Ordinal);
            Happen(_objects.ContainsKey(name) ? "MODIFIED" : "ADDED", text);
            _objects[name] = text;
        }
    }

    public void Delete(string name)
    {
        lock (_changing)
        {
            _version++;
            if (_objects.Remove(name, out string? last))
            {
                Happen("DELETED", last);
            }
        }
    }

    /// <summary>Tells the watchers the present version.</summary>
    public void Bookmark()
    {
        lock (_changing)
        {
            _version += 10;
            Happen("BOOKMARK", $$$"""{"kind":"Pod","metadata":{"resourceVersion":"{{{_version}}}"}}""");
        }
    }

    /// <summary>Forgets what happened before: watches from an earlier version are answered 410.</summary>
    public void Compact()
    {
        lock (_changing)
        {
            _compacted = _version;
        }
    }

    public void CloseStreams()
    {
        lock (_changing)
        {
            _watchers.ForEach(watcher => watcher.Writer.TryComplete());
            _watchers.Clear();
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void Happen(string kind, string item)
    {
        string line = $$"""{"type":"{{kind}}","object":{{item}}}""" + "\n";
        _events.Add((_version, line));
        _watchers.ForEach(watcher => watcher.Writer.TryWrite(line));
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue(context.Request.Path + Uri.UnescapeDataString(context.Request.QueryString.Value ?? ""));
        bool isKnown = context.Request.Headers.Authorization == $"Bearer {Token}";
        bool isForbidden = ForbidsWatches && context.Request.Query["watch"] == "true";
        if (Refusal is not null || !isKnown || isForbidden)
        {
            (int status, string message) = Refusal ?? (isForbidden ? (403, "no watch") : (401, "Unauthorized"));
            context.Response.StatusCode = status;
            await context.Response.WriteAsync($$"""{"kind":"Status","message":"{{message}}","code":{{status}}}""");
        }
        else if (MissingPath is not null && context.Request.Path.Value!.Contains(MissingPath, StringComparison.Ordinal))
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync("404 page not found\n");
        }
        else if (context.Request.Query["watch"] == "true")
        {
            await WatchAsync(context);
        }
        else
        {
            await ListAsync(context);
        }
    }

    private Task ListAsync(HttpContext context)
    {
        Interlocked.Increment(ref _lists);
        int from = int.TryParse(context.Request.Query["continue"], out int next) ? next : 0;
        lock (_changing)
        {
            string items = string.Join(',', _objects.Values.Skip(from).Take(PageItems));
            string more = from + PageItems < _objects.Count ? Text(from + PageItems) : "";
            string metadata = $$"""{"resourceVersion":"{{_version}}","continue":"{{more}}"}""";
            return context.Response.WriteAsync(
                ListBody ?? $$"""{"metadata":{{metadata}},"items":[{{items}}]}""");
        }
    }

    private async Task WatchAsync(HttpContext context)
    {
        Interlocked.Increment(ref _watches);
        int from = int.Parse(context.Request.Query["resourceVersion"]!, CultureInfo.InvariantCulture);
        Channel<string> watcher = Channel.CreateUnbounded<string>();
        lock (_changing)
        {
            if (from < _compacted)
            {
                watcher.Writer.TryWrite(
                    """{"type":"ERROR","object":{"kind":"Status","message":"too old","code":410}}""" + "\n");
                watcher.Writer.Complete();
            }
            else
            {
                foreach ((_, string line) in _events.Where(happened => happened.Version > from))
                {
                    watcher.Writer.TryWrite(line);
                }

                _watchers.Add(watcher);
            }

            if (ClosesWatches)
            {
                watcher.Writer.TryComplete();
            }
        }

        await context.Response.Body.FlushAsync();
        await foreach (string line in watcher.Reader.ReadAllAsync(context.RequestAborted))
        {
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(line));
            await context.Response.Body.FlushAsync();
        }

        lock (_changing)
        {
            _watchers.Remove(watcher);
        }
    }
}
