using System.Globalization;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>When connections end, and which may be used again: RFC 9112 section 9.</summary>
public sealed class ConnectionTests : ConformanceTest
{
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    [Test]
    public async Task B89_B91_What_is_left_of_a_request_that_was_answered_early_is_no_request()
    {
        Node.Script = async call =>
        {
            await call.SendAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
            await call.Connection.ReadCloseAsync();
            call.Connection.Close();
        };
        RawClient client = await ConnectAsync();
        await client.SendAsync($"POST {Bad} HTTP/1.1\r\n{Host}Content-Length: 1000000\r\n\r\n");

        WireResponse answer = await client.ReadAnswerAsync();
        await client.SendAsync(string.Concat(Enumerable.Repeat(Smuggled, 100)));
        await client.ReadCloseAsync();

        Assert.That((answer.Status, answer.Head.Value("Connection")), Is.EqualTo((413, "close")));
        Node.Script = EchoAsync;
        await FenceAsync();
        Assert.That(Calls.Select(call => call.Target), Does.Not.Contain("/smuggled"));
    }

    [Test]
    public async Task B90_A_node_connection_is_not_used_again_when_its_answer_was_not_read_to_the_end()
    {
        Node.Script = async call =>
        {
            await call.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nhello");
            await call.Connection.ReadCloseAsync();
            call.Connection.Close();
        };
        RawClient client = await ConnectAsync();
        await client.SendAsync(Get + "\r\n");
        await client.ReadHeadAsync();
        NodeConnection connection = Calls.Last().Connection;

        client.Reset();

        await Eventually.HoldsAsync(() => connection.IsClosed, "the node connection was cut", TimeSpan.FromSeconds(1));
    }

    [Test]
    public async Task B96_A_POST_that_may_have_run_is_never_sent_again()
    {
        int callsBefore = Calls.Count();
        Node.Script = async call =>
        {
            await call.ReadBodyAsync();
            call.Connection.Close();
        };

        WireResponse answer = await (await ConnectAsync()).PostAsync("/r/app/f", "body");

        Assert.That((answer.Status, Calls.Count() - callsBefore), Is.EqualTo((502, 1)));
    }

    [Test]
    public async Task B96_B97_A_GET_that_died_with_an_old_connection_is_sent_once_more_and_not_twice()
    {
        await FenceAsync();
        int callsBefore = Calls.Count();
        Node.Script = call =>
        {
            call.Connection.Close();
            return Task.CompletedTask;
        };

        WireResponse answer = await (await ConnectAsync()).GetAsync("/r/app/f");

        Assert.That((answer.Status, Calls.Count() - callsBefore), Is.EqualTo((502, 2)));
    }

    [Test]
    public async Task B97_A_GET_that_died_on_the_only_node_is_sent_there_once_more_and_then_a_bad_gateway()
    {
        // Uses up the idle connections.
        Node.Script = async call => await call.AnswerAsync("", "Connection: close\r\n");
        await (await ConnectAsync()).GetAsync("/r/app/f");
        int callsBefore = Calls.Count();
        Node.Script = call =>
        {
            call.Connection.Close();
            return Task.CompletedTask;
        };

        WireResponse answer = await (await ConnectAsync()).GetAsync("/r/app/f");

        Assert.That((answer.Status, Calls.Count() - callsBefore), Is.EqualTo((502, 2)));
    }

    [Test]
    public async Task B99_A_client_that_leaves_frees_the_node_within_a_second([Values] bool isReset)
    {
        Node.Script = async call =>
        {
            await call.Connection.ReadCloseAsync();
            call.Connection.Close();
        };
        RawClient client = await ConnectAsync();
        int callsBefore = Calls.Count();
        await client.SendAsync(Get + "\r\n");
        await Eventually.HoldsAsync(() => Calls.Count() > callsBefore, "the call is at the node");
        NodeConnection connection = Calls.Last().Connection;
        long abortedBefore = await AbortedAsync();

        if (isReset)
        {
            client.Reset();
        }
        else
        {
            client.Dispose();
        }

        await Eventually.HoldsAsync(() => connection.IsClosed, "the node connection was cut", TimeSpan.FromSeconds(1));
        Assert.That(await AbortedAsync() - abortedBefore, Is.EqualTo(1));
    }

    [Test]
    public async Task B99_A_client_that_leaves_while_the_node_does_not_read_its_body_frees_the_node_within_a_second()
    {
        Node.Script = async call =>
        {
            await Eventually.HoldsAsync(() => IsReset(call.Connection), "the balancer cut it");
            call.Connection.Close();
        };
        int callsBefore = Node.Calls.Count;
        RawClient client = await ConnectAsync();
        await client.SendAsync($"POST {Bad} HTTP/1.1\r\n{Host}Content-Length: 100000000\r\n\r\n");
        await Eventually.HoldsAsync(() => Node.Calls.Count > callsBefore, "the head is at the node");
        NodeConnection connection = Node.Calls.Last().Connection;
        Task sending = client.SendAsync(Payload.Random(100_000_000));
        await Task.WhenAny(sending, ((Func<Task>)(async () => await FenceOnAnotherConnectionAsync()))());

        client.Reset();

        await Eventually.HoldsAsync(() => connection.IsClosed, "the node connection was cut", TimeSpan.FromSeconds(1));
        await Task.WhenAny(sending);

        static bool IsReset(NodeConnection connection) => connection.Socket.Poll(0,
            System.Net.Sockets.SelectMode.SelectError);
    }

    [Test]
    public async Task B100_An_answer_that_comes_before_the_end_of_the_request_stops_the_upload()
    {
        Node.Script = async call =>
        {
            await call.SendAsync("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig");
            call.Connection.HalfClose();
            await call.Connection.ReadCloseAsync();
            call.Connection.Close();
        };
        RawClient client = await ConnectAsync();
        await client.SendAsync($"POST {Bad} HTTP/1.1\r\n{Host}Content-Length: 30000000\r\n\r\n");
        Task sending = client.SendAsync(Payload.Random(30_000_000));

        WireResponse answer = await client.ReadAnswerAsync();

        Assert.That((answer.Status, answer.Text, answer.Head.Value("Connection")), Is.EqualTo((413, "big", "close")));
        Assert.That(await client.ReadCloseAsync(), Is.EqualTo(ConnectionEnd.Closed), "the answer could be lost");
        client.Dispose();
        await Task.WhenAny(sending);
        Node.Script = EchoAsync;
        await FenceAsync();
    }

    [TestCase("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello")]
    [TestCase("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello")]
    public async Task B103_A_node_connection_that_was_to_be_closed_is_not_used_again(string wire)
    {
        Node.Script = call => call.SendAsync(wire);
        RawClient client = await ConnectAsync();

        WireResponse answer = await client.GetAsync("/1");
        NodeConnection connection = Calls.Last().Connection;
        Node.Script = EchoAsync;
        WireResponse next = await client.GetAsync("/2");

        Assert.That((answer.Text, next.Text), Is.EqualTo(("hello", "/2\n")));
        Assert.That(answer.Head.Has("Connection"), Is.False, "a node's close is no business of the client");
        await Eventually.HoldsAsync(() => connection.IsClosed, "the node connection was closed");
    }

    [Test]
    public async Task B104_A_refusal_reaches_a_client_that_is_still_sending()
    {
        RawClient client = await ConnectAsync();
        await client.SendAsync($"{Post}Content-Length: 1000000\r\nContent-Length: 1000000\r\n\r\n");
        await client.SendAsync(Payload.Random(1_000_000));

        await ReadRefusalAsync(client, 400, "");
    }

    [TestCase("GET  / HTTP/1.1\r\n\r\n", 400)]
    [TestCase("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400)]
    [TestCase("OPTIONS / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\nContent-Length: 9\r\n\r\n", 200)]
    public async Task B104_A_client_that_goes_on_sending_after_its_answer_is_not_reset(string request, int status)
    {
        RawClient client = await ConnectAsync();
        await client.SendAsync(request);
        await Eventually.HoldsAsync(() => client.Socket.Available > 0,
            "the answer is there, and the node is not asked");
        await FenceAsync();

        await client.SendAsync(Payload.Random(1_000_000));
        WireResponse answer = await client.ReadAnswerAsync();

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(await client.ReadCloseAsync(), Is.EqualTo(ConnectionEnd.Closed));
        await client.SendAsync(Payload.Random(1_000_000));
    }

    [Test]
    public async Task B106_B122_CONNECT_is_refused_and_nothing_after_it_is_looked_at()
    {
        await RefusedAsync($"CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n{Smuggled}", 501);
        await RefusedAsync($"CONNECT a: HTTP/1.1\r\nHost: a\r\n\r\n{Smuggled}");
        await RefusedAsync($"CONNECT a:99999 HTTP/1.1\r\nHost: a\r\n\r\n{Smuggled}");
        await RefusedAsync($"CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n{Smuggled}");
        await RefusedAsync($"CONNECT /a HTTP/1.1\r\nHost: a\r\n\r\n{Smuggled}");
        await RefusedAsync($"CONNECT http://a:80/ HTTP/1.1\r\nHost: a\r\n\r\n{Smuggled}");
    }

    [Test]
    public async Task B106_What_follows_an_Upgrade_that_the_node_did_not_grant_is_no_request()
    {
        RawClient client = await ConnectAsync();
        await client.SendAsync(
            $"GET /up HTTP/1.1\r\n{Host}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n{Smuggled}");

        WireResponse answer = await client.ReadAnswerAsync();
        await client.ReadCloseAsync();

        Assert.That((answer.Text, answer.Head.Value("Connection")), Is.EqualTo(("/up\n", "close")));
        await FenceAsync();
        Assert.That(Calls.Select(call => call.Target), Does.Not.Contain("/smuggled"));
    }

    private async Task<long> AbortedAsync()
    {
        (_, string metrics) = await Fnlb.Admin.SendAsync(HttpMethod.Get, "/metrics");
        const string Name = "fnlb_calls_aborted_total ";
        string line = metrics.Split('\n').Single(line => line.StartsWith(Name, StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private async Task FenceOnAnotherConnectionAsync()
    {
        Node.Script = EchoAsync;
        await FenceAsync();
    }
}
