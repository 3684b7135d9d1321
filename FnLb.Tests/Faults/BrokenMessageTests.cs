using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Faults;

/// <summary>Sides that die, or say nonsense, in the middle of a message.</summary>
public sealed class BrokenMessageTests : EndToEndTest
{
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello")]
    [TestCase("HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\n folded\r\nContent-Length: 0\r\n\r\n")]
    [TestCase("garbage\r\n\r\n")]
    [TestCase("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")]
    [TestCase("")]
    public async Task An_answer_that_is_no_HTTP_costs_502_and_the_connection(string wire)
    {
        ScriptedNode node = StartNode(async call =>
        {
            await call.SendAsync(wire);
            call.Connection.HalfClose();
            await call.Connection.ReadCloseAsync();
            call.Connection.Close();
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        WireResponse answer = await client.PostAsync("/r/app/f", "body");

        Assert.That(answer.Status, Is.EqualTo(502));
        Assert.That(answer.Text, Does.Match(ErrorBody));
        Assert.That(node.Calls, Has.Count.EqualTo(1));
    }

    [TestCase("Content-Length: 100\r\n\r\nhello")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n")]
    public async Task An_answer_that_breaks_off_never_looks_complete_to_the_client(string rest)
    {
        ScriptedNode node = StartNode(async call =>
        {
            await call.SendAsync($"HTTP/1.1 200 OK\r\n{rest}");
            call.Connection.HalfClose();
            await call.Connection.ReadCloseAsync();
            call.Connection.Close();
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        await client.SendAsync("GET /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.That(
            async () => await client.ReadAnswerAsync(),
            Throws.InstanceOf<EndOfStreamException>().Or.InstanceOf<System.Net.Sockets.SocketException>());
    }

    [TestCase("Content-Length: 100\r\n\r\nhello")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    public async Task A_request_that_breaks_off_never_looks_complete_to_the_node(string rest)
    {
        bool completed = false;
        ScriptedNode node = StartNode(async call =>
        {
            await call.ReadBodyAsync();
            completed = true;
            await call.AnswerAsync("");
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        await client.SendAsync($"POST /r/app/f HTTP/1.1\r\nHost: a\r\n{rest}");
        await Eventually.HoldsAsync(() => node.Calls.Count == 1, "the head is at the node");
        client.Reset();

        await Eventually.HoldsAsync(() => node.ConnectionsOpenWithCalls == 0, "the node connection was ended");
        Assert.That(completed, Is.False);
    }

    [Test]
    public async Task A_client_that_leaves_while_the_node_works_frees_the_node_within_a_second()
    {
        ScriptedNode node = StartNode(async call =>
        {
            await call.Connection.ReadCloseAsync();
            call.Connection.Close();
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        await client.SendAsync("GET /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n");
        await Eventually.HoldsAsync(() => node.Calls.Count == 1, "the call is at the node");
        client.Reset();

        await Eventually.HoldsAsync(
            () => node.ConnectionsOpenWithCalls == 0, "the node learned of it", TimeSpan.FromSeconds(1));
    }

    [Test]
    public async Task An_answer_that_comes_before_the_whole_request_reaches_the_client_that_still_sends()
    {
        ScriptedNode node = StartNode(async call =>
        {
            await call.SendAsync("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig");
            call.Connection.HalfClose();
            await call.Connection.ReadCloseAsync();
            call.Connection.Close();
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        await client.SendAsync("POST /r/app/f HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n");
        Task sending = client.SendAsync(Payload.Random(50_000_000));
        WireResponse answer = await client.ReadAnswerAsync();

        Assert.That((answer.Status, answer.Text), Is.EqualTo((413, "big")));
        client.Dispose();
        await Task.WhenAny(sending);
    }
}
