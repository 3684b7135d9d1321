using System.Text;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>HTTP/1.0 on either side.</summary>
public sealed class Http10Tests : EndToEndTest
{
    private const string Get = "GET /r/app/f HTTP/1.0\r\nHost: a\r\n\r\n";
    private const string GetKeepAlive = "GET /r/app/f HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n";

    [Test]
    public async Task A_client_of_1_0_is_answered_and_closed_and_the_node_sees_1_1()
    {
        ScriptedNode node = StartNode();
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        WireResponse answer = await client.CallAsync(Get);

        // The node refuses anything but HTTP/1.1 in a request line.
        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, node.Address)));
        Assert.That(await client.ReadCloseAsync(), Is.EqualTo(ConnectionEnd.Closed));
        Assert.That(node.ConnectionsOpenWithCalls, Is.EqualTo(1), "the node's connection persists");
    }

    [Test]
    public async Task A_client_of_1_0_that_asks_for_it_keeps_its_connection()
    {
        ScriptedNode node = StartNode();
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        WireResponse first = await client.CallAsync(GetKeepAlive);
        WireResponse second = await client.CallAsync(GetKeepAlive);

        Assert.That(first.Head.Value("Connection"), Is.EqualTo("keep-alive").IgnoreCase);
        Assert.That(second.Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_client_of_1_0_gets_no_chunks()
    {
        ScriptedNode node = StartNode(call => call.SendAsync(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"));
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        WireResponse answer = await client.CallAsync(Get);

        Assert.That(answer.Head.Has("Transfer-Encoding"), Is.False);
        Assert.That(answer.Text, Is.EqualTo("hello world"));
    }

    [Test]
    public async Task A_client_of_1_0_gets_no_interim_answers()
    {
        ScriptedNode node = StartNode(async call =>
        {
            await call.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
            await call.AnswerAsync("final");
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        WireResponse answer = await client.CallAsync(Get);

        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, "final")));
    }

    [Test]
    public async Task An_answer_of_a_1_0_node_reaches_the_client_as_1_1()
    {
        ScriptedNode node = StartNode(async call =>
        {
            await call.SendAsync("HTTP/1.0 200 OK\r\n\r\nold");
            call.Connection.Close();
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        // The client accepts no other version than HTTP/1.1 in a status line.
        Assert.That((await client.GetAsync("/r/app/f")).Body, Is.EqualTo(Encoding.Latin1.GetBytes("old")));
    }
}
