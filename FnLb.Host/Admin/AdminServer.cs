using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace FnLb.Host.Admin;

/// <summary>Kestrel with one request delegate: no web host, whose services would triple the memory at rest.</summary>
internal sealed class AdminServer : IAsyncDisposable
{
    /// <summary>Largest body of an admin request.</summary>
    public const int BodyBytesMax = 64 * 1024;

    private readonly KestrelServer _server;
    private readonly RequestDelegate _handle;
    private volatile bool _isLeaving;

    private AdminServer(KestrelServer server, RequestDelegate handle)
    {
        _server = server;
        _handle = handle;
    }

    /// <param name="bound">Bound already, so that an address in use is noticed first of all; owned from here.</param>
    /// <param name="tls">Null for none.</param>
    public static async Task<AdminServer> StartAsync(
        Socket bound, RequestDelegate handle, ILoggerFactory logging, AdminTls? tls = null)
    {
        KestrelServerOptions options = new() { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = BodyBytesMax;
        options.Listen(bound.LocalEndPoint!, listen =>
        {
            if (tls is not null)
            {
                listen.Use(tls.Before);
            }
        });
        SocketTransportOptions transport = new() { CreateBoundListenSocket = _ => bound };
        SocketTransportFactory sockets = new(Options.Create(transport), logging);
        KestrelServer server = new(Options.Create(options), new LingeringTransport(sockets), logging);
        AdminServer admin = new(server, handle);
        await server.StartAsync(new AdminApplication(admin.HandleAsync), CancellationToken.None);
        return admin;
    }

    /// <summary>
    /// Accepts no more, answers for a second what comes on the connections there are, and lets the calls under way end:
    /// three seconds at most.
    /// </summary>
    public async Task StopAsync()
    {
        _isLeaving = true;
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(3));
        await _server.StopAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        // Already cancelled: whoever still waits for an answer of a process that ends does not hold it up.
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
    }

    // A change of a list that others keep by now would be lost, and its caller told otherwise.
    private Task HandleAsync(HttpContext context)
    {
        if (!_isLeaving)
        {
            return _handle(context);
        }

        context.Response.Headers.Connection = "close";
        context.Response.Headers.RetryAfter = "1";
        return HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
            ? _handle(context)
            : AdminAnswer.SayAsync(
                context, StatusCodes.Status503ServiceUnavailable, "another process has taken over: call again");
    }
}
