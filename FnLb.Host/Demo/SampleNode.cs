using System.Globalization;
using System.Net;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace FnLb.Host.Demo;

/// <summary>
/// A simulated Fn server on loopback: real HTTP in front of a <see cref="ContainerPool"/>. It serves the demo and the
/// routing benchmark; its answers are those of Fn where a load balancer looks at them.
/// </summary>
internal sealed class SampleNode : IAsyncDisposable
{
    // Go writes the micro sign as UTF-8, which Kestrel does not send in a field unless told so.
    private const string WaitField = "XXX-FXLB-WAIT";
    private const string RetryAfterSeconds = "15";
    private const string BusyBody = """{"error":{"message":"Timed out - server too busy"}}""";
    private const string NotFoundBody = """{"error":{"message":"Route not found"}}""";

    private readonly SampleNodeOptions _options;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, SampleFunction> _functions;
    private readonly ContainerPool _containers;
    private readonly WebApplication _server;

    private SampleNode(SampleNodeOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _functions = options.Functions.ToDictionary(function => function.Path);
        _containers = new ContainerPool(options, time);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.UTF8;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        _server = builder.Build();
        _server.Run(HandleAsync);
    }

    /// <summary>Address as load balancers name it, <c>127.0.0.1:port</c>.</summary>
    public string Address { get; private set; } = "";

    public ContainerCounts Counts => _containers.Counts;

    /// <summary>How much longer starts and calls take than they should.</summary>
    public double Slowness { get => _containers.Slowness; set => _containers.Slowness = value; }

    /// <summary>Whether it says to every call that it is busy.</summary>
    public bool IsRefusing { get; set; }

    /// <summary>Starts to listen.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SampleNode> StartAsync(SampleNodeOptions options, TimeProvider time)
    {
        SampleNode node = new(options, time);
        await node._server.StartAsync();
        IServer server = node._server.Services.GetRequiredService<IServer>();
        node.Address = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First()).Authority;
        return node;
    }

    /// <summary>Ends at once: connections break, with whatever runs on them.</summary>
    public Task KillAsync() => _server.StopAsync(new CancellationToken(canceled: true));

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "/";
        if (path == "/version")
        {
            await WriteAsync(context.Response, StatusCodes.Status200OK, $$"""{"version":"{{_options.Version}}"}""");
        }
        else if (_functions.TryGetValue(path, out SampleFunction? function))
        {
            await CallAsync(context, function);
        }
        else
        {
            await WriteAsync(context.Response, StatusCodes.Status404NotFound, NotFoundBody);
        }
    }

    private async Task CallAsync(HttpContext context, SampleFunction function)
    {
        try
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            if (IsRefusing)
            {
                await RefuseAsync(context.Response);
                return;
            }

            using ContainerLease lease = await _containers.EnterAsync(function, context.RequestAborted);
            if (lease.Kind == AdmissionKind.Busy)
            {
                await RefuseAsync(context.Response);
                return;
            }

            TimeSpan run = _containers.Vary(function.Duration) * Slowness;
            await Task.Delay(run, _time, context.RequestAborted);
            if (_options.SendsWait)
            {
                context.Response.Headers[WaitField] = GoDurationText.Format(lease.Wait);
            }

            await WriteAsync(context.Response, StatusCodes.Status200OK, Describe(function, lease, run));
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested
            && e is OperationCanceledException or IOException)
        {
            // The caller left: nobody waits for an answer, and the lease has given the container back.
        }
    }

    private static Task RefuseAsync(HttpResponse response)
    {
        response.Headers.RetryAfter = RetryAfterSeconds;
        return WriteAsync(response, StatusCodes.Status503ServiceUnavailable, BusyBody);
    }

    private string Describe(SampleFunction function, ContainerLease lease, TimeSpan run)
    {
        JsonEncodedText path = JsonEncodedText.Encode(function.Path);
        string start = lease.Kind.ToString().ToLowerInvariant();
        string wait = lease.Wait.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture);
        string ran = run.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture);
        return $$"""{"function":"{{path}}","node":"{{Address}}","start":"{{start}}","wait_ms":{{wait}}"""
            + $$""","run_ms":{{ran}}}""" + "\n";
    }

    private static Task WriteAsync(HttpResponse response, int status, string body)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        response.StatusCode = status;
        response.ContentType = MediaTypeNames.Application.Json;
        response.ContentLength = bytes.Length;
        return response.Body.WriteAsync(bytes, 0, bytes.Length);
    }
}
