using System.Text;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>Persistent connections on the client's side.</summary>
public sealed class KeepAliveTests : EndToEndTest
{
    [Test]
    public async Task A_hundred_requests_share_one_client_connection_and_one_node_connection()
    {
        ScriptedNode node = StartNode();
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        for (int i = 0; i < 100; i++)
        {
            WireResponse answer = await client.GetAsync($"/r/app/f{i}");
            Assert.That((answer.Status, answer.Text), Is.EqualTo((200, node.Address)));
            Assert.That(answer.Head.Has("Connection"), Is.False);
        }

        Assert.That(node.Calls.Select(call => call.Connection.Number).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        const int count = 20;
        RawClient? other = null;
        ScriptedNode node = StartNode(async call =>
        {
            if (call.Number % 2 == 1 && call.Target != "/between")
            {
                // Odd ones take a round trip longer than even ones.
                await other!.GetAsync("/between");
            }

            await call.AnswerAsync(call.Target);
        });
        FnlbProcess fnlb = await StartFnlbAsync(node);
        RawClient client = await ConnectAsync(fnlb);
        other = await ConnectAsync(fnlb);

        StringBuilder requests = new();
        for (int i = 0; i < count; i++)
        {
            requests.Append($"GET /r/app/{i} HTTP/1.1\r\nHost: a\r\n\r\n");
        }

        await client.SendAsync(requests.ToString());
        for (int i = 0; i < count; i++)
        {
            Assert.That((await client.ReadAnswerAsync()).Text, Is.EqualTo($"/r/app/{i}"));
        }
    }

    [Test]
    public async Task A_request_behind_a_body_is_the_next_request()
    {
        ScriptedNode node = StartNode(async call => await call.AnswerAsync(await call.ReadBodyAsync()));
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));
        const string inner = "GET /inner HTTP/1.1\r\nHost: a\r\n\r\n";

        await client.SendAsync(
            "POST /r/app/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
            + $"POST /r/app/2 HTTP/1.1\r\nHost: a\r\nContent-Length: {inner.Length}\r\n\r\n{inner}");
        WireResponse first = await client.ReadAnswerAsync();
        WireResponse second = await client.ReadAnswerAsync();

        Assert.That((first.Text, second.Text), Is.EqualTo(("", inner)));
        Assert.That(node.Calls.Select(call => call.Target), Is.EqualTo((string[])["/r/app/1", "/r/app/2"]));
    }

    [Test]
    public async Task Connection_close_ends_the_connection_after_the_answer_and_nothing_more_is_processed()
    {
        ScriptedNode node = StartNode();
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        WireResponse answer = await client.CallAsync(
            "GET /r/app/f HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /never HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.That(answer.Head.Value("Connection"), Is.EqualTo("close"));
        await client.ReadCloseAsync();
        Assert.That(node.Calls.Select(call => call.Target), Is.EqualTo((string[])["/r/app/f"]));
    }

    [Test]
    public async Task Empty_lines_before_a_request_line_are_skipped()
    {
        ScriptedNode node = StartNode();
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        await client.SendAsync(
            "\r\nGET /r/app/1 HTTP/1.1\r\nHost: a\r\n\r\n" + "\r\nGET /r/app/2 HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.That((await client.ReadAnswerAsync()).Status, Is.EqualTo(200));
        Assert.That((await client.ReadAnswerAsync()).Status, Is.EqualTo(200));
    }
}
