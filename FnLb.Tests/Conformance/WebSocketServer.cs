using System.Net.WebSockets;
using FnLb.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FnLb.Tests.Conformance;

/// <summary>A node that speaks WebSocket, by Kestrel: it sends every message back.</summary>
internal sealed class WebSocketServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private int _openCount;

    private WebSocketServer(WebApplication application, int port)
    {
        _application = application;
        Address = $"127.0.0.1:{port}";
    }

    /// <summary>As the load balancer's options name it.</summary>
    public string Address { get; }

    /// <summary>WebSockets that neither side has ended.</summary>
    public int OpenCount => Volatile.Read(ref _openCount);

    public static async Task<WebSocketServer> StartAsync()
    {
        int port = FreePort.Next();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        WebApplication application = builder.Build();
        application.Urls.Add($"http://127.0.0.1:{port}");
        application.UseWebSockets();
        application.MapGet("/version", () => Results.Json(new { version = "0.3.750" }));
        WebSocketServer server = new(application, port);
        application.Map("/echo", server.EchoAsync);
        await application.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private async Task EchoAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync("echo");
        Interlocked.Increment(ref _openCount);
        try
        {
            await EchoAsync(socket);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The other side was cut; tests look at what follows from it.
        }
        finally
        {
            Interlocked.Decrement(ref _openCount);
        }
    }

    private static async Task EchoAsync(WebSocket socket)
    {
        byte[] buffer = new byte[8 * 1024];
        while (true)
        {
            WebSocketReceiveResult part = await socket.ReceiveAsync(buffer, CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(part.CloseStatus!.Value, part.CloseStatusDescription, CancellationToken.None);
                return;
            }

            ArraySegment<byte> bytes = new(buffer, 0, part.Count);
            await socket.SendAsync(bytes, part.MessageType, part.EndOfMessage, CancellationToken.None);
        }
    }
}
