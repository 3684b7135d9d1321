using System.Diagnostics;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>A real WebSocket client and a real server, with the balancer between them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WebSocketTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private WebSocketServer? _server;
    private FnlbProcess? _fnlb;

    public async ValueTask DisposeAsync()
    {
        _fnlb?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Test]
    public async Task Text_and_binary_messages_pass_both_ways_and_the_close_handshake_ends_the_tunnel()
    {
        await StartAsync();
        using ClientWebSocket client = await ConnectAsync();

        await SendAsync(client, "text"u8.ToArray(), WebSocketMessageType.Text);
        (WebSocketMessageType type, byte[] text) = await ReceiveAsync(client, 4);
        byte[] large = Payload.Random(1_000_000);
        Task sending = SendAsync(client, large, WebSocketMessageType.Binary);
        (WebSocketMessageType largeType, byte[] echoed) = await ReceiveAsync(client, large.Length);
        await sending;
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None).WaitAsync(Deadline);

        Assert.That((type, Encoding.ASCII.GetString(text)), Is.EqualTo((WebSocketMessageType.Text, "text")));
        Assert.That((largeType, echoed.SequenceEqual(large)), Is.EqualTo((WebSocketMessageType.Binary, true)));
        Assert.That((client.SubProtocol, client.CloseStatusDescription), Is.EqualTo(("echo", "done")));
        await Eventually.HoldsAsync(() => _server!.OpenCount == 0, "the tunnel ended");
    }

    [Test]
    public async Task A_request_that_is_no_WebSocket_hears_from_the_server_that_it_has_to_be_one()
    {
        await StartAsync();
        using RawClient client = await RawClient.ConnectAsync(_fnlb!.Port);

        WireResponse answer = await client.GetAsync("/echo");

        Assert.That(answer.Status, Is.EqualTo(426));
        Assert.That((await client.GetAsync("/version")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_thousand_tunnels_at_once_each_carry_their_own_messages()
    {
        const int Count = 1000;
        await StartAsync();
        ClientWebSocket[] clients = await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => ConnectAsync()));
        Assert.That(_server!.OpenCount, Is.EqualTo(Count));

        for (int round = 0; round < 3; round++)
        {
            string[] seen = await Task.WhenAll(
                clients.Select((client, number) => EchoAsync(client, $"{round}.{number}")));
            Assert.That(seen, Is.EqualTo(Enumerable.Range(0, Count).Select(number => $"{round}.{number}")));
        }

        using (RawClient plain = await RawClient.ConnectAsync(_fnlb!.Port))
        {
            Assert.That((await plain.GetAsync("/version")).Status, Is.EqualTo(200));
        }

        await Task.WhenAll(clients.Select(CloseAsync));
        await Eventually.HoldsAsync(() => _server.OpenCount == 0, "all tunnels ended");
    }

    [Test]
    public async Task A_tunnel_on_which_nothing_moves_is_closed_and_one_on_which_something_does_is_not()
    {
        await StartAsync("--tunnel-idle-timeout=1s");
        using ClientWebSocket busy = await ConnectAsync();
        using ClientWebSocket idle = await ConnectAsync();
        long started = Stopwatch.GetTimestamp();
        Task<WebSocketReceiveResult> ending = idle.ReceiveAsync(new byte[10], CancellationToken.None);

        while (!ending.IsCompleted)
        {
            Assert.That(await EchoAsync(busy, "on"), Is.EqualTo("on"));
            Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(Deadline));
        }

        Assert.That(async () => await ending, Throws.InstanceOf<WebSocketException>());
        Assert.That(Stopwatch.GetElapsedTime(started), Is.GreaterThan(TimeSpan.FromSeconds(0.9)));
        await Eventually.HoldsAsync(() => _server!.OpenCount == 1, "the server knows");
    }

    [Test]
    public async Task A_client_that_vanishes_is_gone_for_the_server_within_a_second()
    {
        await StartAsync();
        ClientWebSocket client = await ConnectAsync();
        await EchoAsync(client, "here");

        client.Abort();
        client.Dispose();

        await Eventually.HoldsAsync(() => _server!.OpenCount == 0, "the tunnel ended", TimeSpan.FromSeconds(1));
    }

    [Test]
    public async Task When_told_to_stop_the_balancer_lets_tunnels_go_on_until_they_end()
    {
        await StartAsync();
        using ClientWebSocket client = await ConnectAsync();
        _fnlb!.Signal(Signals.Terminate);
        await Eventually.HoldsAsync(RefusesAsync, "new connections are refused");

        Assert.That(await EchoAsync(client, "still here"), Is.EqualTo("still here"));
        Assert.That(_fnlb.HasExited, Is.False);
        await CloseAsync(client);

        Assert.That((await _fnlb.WaitForExitAsync(Deadline)).Code, Is.Zero);
    }

    [Test]
    public async Task When_told_to_stop_with_a_limit_the_balancer_cuts_the_tunnels_that_are_left()
    {
        await StartAsync("-shutdown-timeout=1");
        using ClientWebSocket client = await ConnectAsync();
        _fnlb!.Signal(Signals.Terminate);

        Assert.That((await _fnlb.WaitForExitAsync(Deadline)).Code, Is.Zero);
        Assert.That(async () => await EchoAsync(client, "gone"), Throws.InstanceOf<WebSocketException>());
        await Eventually.HoldsAsync(() => _server!.OpenCount == 0, "the server knows");
    }

    private static async Task<string> EchoAsync(ClientWebSocket client, string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        await SendAsync(client, bytes, WebSocketMessageType.Text);
        return Encoding.ASCII.GetString((await ReceiveAsync(client, bytes.Length)).Message);
    }

    private static async Task CloseAsync(ClientWebSocket client)
    {
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None).WaitAsync(Deadline);
        client.Dispose();
    }

    private static Task SendAsync(ClientWebSocket client, byte[] message, WebSocketMessageType type) =>
        client.SendAsync(message, type, endOfMessage: true, CancellationToken.None);

    private static async Task<(WebSocketMessageType Type, byte[] Message)> ReceiveAsync(
        ClientWebSocket client, int bytesMax)
    {
        using CancellationTokenSource expiry = new(Deadline);
        byte[] message = new byte[bytesMax + 1];
        int count = 0;
        WebSocketReceiveResult part;
        do
        {
            ArraySegment<byte> free = new(message, count, message.Length - count);
            part = await client.ReceiveAsync(free, expiry.Token);
            count += part.Count;
        }
        while (!part.EndOfMessage);
        return (part.MessageType, message[..count]);
    }

    private async Task StartAsync(params string[] flags)
    {
        _server = await WebSocketServer.StartAsync();
        _fnlb = await FnlbProcess.StartAsync([_server.Address], flags);
    }

    private async Task<ClientWebSocket> ConnectAsync()
    {
        ClientWebSocket client = new();
        client.Options.AddSubProtocol("echo");
        client.Options.Proxy = null;
        using CancellationTokenSource expiry = new(Deadline);
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{_fnlb!.Port}/echo"), expiry.Token);
        return client;
    }

    private async Task<bool> RefusesAsync()
    {
        try
        {
            using RawClient probe = await RawClient.ConnectAsync(_fnlb!.Port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
