using System.Text;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>Upgrade, byte by byte: RFC 9110 section 7.8. Real clients and servers are in WebSocketTests.</summary>
public sealed class UpgradeTests : ConformanceTest
{
    private const string Offer = $"GET /up HTTP/1.1\r\n{Host}Connection: keep-alive, Upgrade\r\nUpgrade: echo, x/2\r\n";
    private const string Granted = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";

    [Test]
    public async Task B109_B119_An_offered_Upgrade_reaches_the_node_with_its_Connection_option()
    {
        NodeCall call = await ServedAsync(Offer + "\r\n");
        Assert.That(call.Head.Value("Upgrade"), Is.EqualTo("echo, x/2"));
        Assert.That(call.Head.Value("Connection"), Is.EqualTo("Upgrade"));
    }

    [TestCase("Upgrade: echo\r\n")]
    [TestCase("Connection: upgrade\r\n")]
    [TestCase("Connection: upgrade\r\nUpgrade:\r\n")]
    [TestCase("Connection: upgrade\r\nUpgrade: h2c\r\n")]
    [TestCase("Connection: upgrade\r\nUpgrade: e\"cho\r\n")]
    public async Task B119_What_is_no_offer_reaches_the_node_as_none(string lines)
    {
        Node.Script = EchoAsync;
        NodeCall call = await ServedAsync($"{Get}{lines}\r\n");
        Assert.That((call.Head.Has("Upgrade"), call.Head.Has("Connection")), Is.EqualTo((false, false)));
    }

    [Test]
    public async Task B118_An_Upgrade_of_HTTP_1_0_is_ignored()
    {
        NodeCall call = await ServedAsync($"GET / HTTP/1.0\r\n{Host}Connection: Upgrade\r\nUpgrade: echo\r\n\r\n");
        Assert.That((call.Head.Has("Upgrade"), call.Head.Has("Connection")), Is.EqualTo((false, false)));
    }

    [TestCase("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n\r\n")]
    [TestCase("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\n\r\n")]
    [TestCase("HTTP/1.0 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n")]
    public async Task B119_A_101_without_its_fields_is_502(string answer)
    {
        Node.Script = async call =>
        {
            await call.SendAsync(answer);
            await call.Connection.ReadCloseAsync();
            call.Connection.Close();
        };
        Assert.That((await (await ConnectAsync()).CallAsync(Offer + "\r\n")).Status, Is.EqualTo(502));
    }

    [Test]
    public async Task B119_A_101_before_the_end_of_the_request_is_502()
    {
        Node.Script = async call =>
        {
            await call.SendAsync(Granted);
            await call.Connection.ReadCloseAsync();
            call.Connection.Close();
        };
        RawClient client = await ConnectAsync();

        WireResponse answer = await client.CallAsync(Offer + "Content-Length: 5\r\n\r\nhel");

        Assert.That((answer.Status, answer.Head.Value("Connection")), Is.EqualTo((502, "close")));
    }

    [Test]
    public async Task B119_Nothing_after_the_request_reaches_the_node_before_its_101()
    {
        TaskCompletionSource mayGrant = new();
        Node.Script = async call =>
        {
            await mayGrant.Task;
            Assert.That(call.Connection.Reader.Buffered.IsEmpty && call.Connection.Socket.Available == 0, Is.True);
            await call.SendAsync(Granted);
            await EchoTunnelAsync(call);
        };
        RawClient client = await ConnectAsync();
        int callsBefore = Calls.Count();
        await client.SendAsync(Offer + "\r\nearly");
        await Eventually.HoldsAsync(() => Calls.Count() > callsBefore, "the call is at the node");
        await FenceOnAnotherConnectionAsync();
        mayGrant.SetResult();

        WireHead head = await client.ReadHeadAsync();

        Assert.That(head.StartLine, Is.EqualTo("HTTP/1.1 101 Switching Protocols"));
        Assert.That((head.Value("Upgrade"), head.Value("Connection")), Is.EqualTo(("echo", "Upgrade")));
        Assert.That(await client.Reader.ReadExactlyAsync(5), Is.EqualTo("early"u8.ToArray()));
    }

    [Test]
    public async Task B120_With_an_expectation_100_comes_before_101()
    {
        Node.Script = async call =>
        {
            await call.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
            await call.ReadBodyAsync();
            await call.SendAsync(Granted);
            await EchoTunnelAsync(call);
        };
        RawClient client = await ConnectAsync();
        await client.SendAsync(Offer + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");

        int interim = (await client.ReadAnswerAsync()).Status;
        await client.SendAsync("hello");
        WireHead granted = await client.ReadHeadAsync();
        await client.SendAsync("ping");

        Assert.That((interim, granted.Second), Is.EqualTo((100, "101")));
        Assert.That(await client.Reader.ReadExactlyAsync(4), Is.EqualTo("ping"u8.ToArray()));
    }

    [Test]
    public async Task B121_A_node_that_has_finished_is_read_to_its_last_byte()
    {
        byte[] last = Payload.Random(1_000_000);
        Node.Script = async call =>
        {
            await call.SendAsync(Granted);
            await call.Connection.SendAsync(last);
            call.Connection.HalfClose();
            await call.Connection.ReadCloseAsync();
            call.Connection.Close();
        };
        RawClient client = await ConnectAsync();
        await client.SendAsync(Offer + "\r\n");
        await client.ReadHeadAsync();

        Assert.That(await client.Reader.ReadToEndAsync(), Is.EqualTo(last));

        NodeConnection connection = Calls.Last().Connection;
        client.HalfClose();
        await Eventually.HoldsAsync(() => connection.IsClosed, "both sides are closed");
    }

    [Test]
    public async Task B121_A_client_that_has_finished_still_receives()
    {
        byte[] body = Payload.Random(500_000);
        Node.Script = async call =>
        {
            await call.SendAsync(Granted);
            byte[] received = await call.Connection.Reader.ReadToEndAsync();
            await call.Connection.SendAsync(received);
            call.Connection.Close();
        };
        RawClient client = await ConnectAsync();
        await client.SendAsync(Offer + "\r\n");
        await client.ReadHeadAsync();
        await client.SendAsync(body);
        client.HalfClose();

        Assert.That(await client.Reader.ReadToEndAsync(), Is.EqualTo(body));
    }

    [Test]
    public async Task B121_A_side_that_resets_ends_the_tunnel_for_the_other([Values] bool isClient)
    {
        TaskCompletionSource<ConnectionEnd> nodeEnd = new();
        Node.Script = async call =>
        {
            await call.SendAsync(Granted);
            if (isClient)
            {
                nodeEnd.SetResult(await call.Connection.ReadCloseAsync());
            }

            call.Connection.Reset();
        };
        RawClient client = await ConnectAsync();
        await client.SendAsync(Offer + "\r\n");
        await client.ReadHeadAsync();
        if (isClient)
        {
            client.Reset();
            await nodeEnd.Task.WaitAsync(TimeSpan.FromSeconds(1));
        }
        else
        {
            await client.ReadCloseAsync(TimeSpan.FromSeconds(1));
        }
    }

    private async Task FenceOnAnotherConnectionAsync()
    {
        Node.Script = EchoAsync;
        await FenceAsync();
    }

    private static async Task EchoTunnelAsync(NodeCall call)
    {
        while (await call.Connection.Reader.FillAsync())
        {
            byte[] bytes = call.Connection.Reader.Buffered.ToArray();
            call.Connection.Reader.Discard();
            await call.SendAsync(Encoding.Latin1.GetString(bytes));
        }

        call.Connection.Close();
    }
}
