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

    private AdminServer(KestrelServer server)
    {
        _server = server;
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
        KestrelServer server = new(
            Options.Create(options), new SocketTransportFactory(Options.Create(transport), logging), logging);
        await server.StartAsync(new AdminApplication(handle), CancellationToken.None);
        return new AdminServer(server);
    }

    /// <summary>Accepts no more and lets the calls under way end, for two seconds at most.</summary>
    public async Task StopAsync()
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(2));
        await _server.StopAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        // Already cancelled: whoever still waits for an answer of a process that ends does not hold it up.
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
    }
}
