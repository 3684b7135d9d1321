using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>Answers without a body, interim answers, and Expect: 100-continue.</summary>
public sealed class SpecialAnswerTests : EndToEndTest
{
    private const string Post =
        "POST /r/app/f HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";

    [TestCase("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n", "1234")]
    [TestCase("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", null)]
    [TestCase("GET", "HTTP/1.1 204 No Content\r\n\r\n", null)]
    [TestCase("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\nETag: \"x\"\r\n\r\n", "77")]
    [TestCase("DELETE", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "0")]
    public async Task An_answer_without_body_leaves_both_connections_usable(string method, string wire, string? length)
    {
        ScriptedNode node = StartNode(call => call.Method == method ? call.SendAsync(wire) : call.AnswerAsync("next"));
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        WireResponse first = await client.CallAsync($"{method} /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n");
        WireResponse second = method == "GET"
            ? await client.GetAsync("/r/app/f")
            : await client.CallAsync("PUT /r/app/f HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");

        Assert.That(first.Head.StartLine, Is.EqualTo(wire[..wire.IndexOf('\r', StringComparison.Ordinal)]));
        Assert.That(first.Head.Value("Content-Length"), Is.EqualTo(length));
        Assert.That(first.Body, Is.Empty);
        Assert.That(second.Status, Is.EqualTo(method == "GET" ? first.Status : 200));
        Assert.That(node.Calls.Select(call => call.Connection.Number).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Interim_answers_come_before_the_final_one_as_soon_as_the_node_sends_them()
    {
        TaskCompletionSource hintsSeen = new();
        ScriptedNode node = StartNode(async call =>
        {
            await call.SendAsync("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
            await hintsSeen.Task;
            await call.AnswerAsync("done");
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        WireResponse processing = await client.GetAsync("/r/app/f");
        WireResponse hints = await client.ReadAnswerAsync();
        hintsSeen.SetResult();
        WireResponse final = await client.ReadAnswerAsync();

        Assert.That((processing.Status, hints.Status, final.Status), Is.EqualTo((102, 103, 200)));
        Assert.That(hints.Head.Value("Link"), Is.EqualTo("</a.css>"));
        Assert.That(final.Text, Is.EqualTo("done"));
    }

    [Test]
    public async Task The_node_itself_invites_the_body_of_a_request_that_expects_it()
    {
        ScriptedNode node = StartNode(async call =>
        {
            await call.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
            await call.AnswerAsync(await call.ReadBodyAsync());
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        await client.SendAsync(Post);
        WireResponse invitation = await client.ReadAnswerAsync();
        await client.SendAsync("hello");
        WireResponse answer = await client.ReadAnswerAsync();

        Assert.That((invitation.Status, answer.Status, answer.Text), Is.EqualTo((100, 200, "hello")));
        Assert.That(node.Calls.Single().Head.Value("Expect"), Is.EqualTo("100-continue"));
    }

    [Test]
    public async Task A_final_answer_instead_of_an_invitation_reaches_the_client_that_waits()
    {
        ScriptedNode node = StartNode(async call =>
        {
            await call.SendAsync("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig");
            call.Connection.HalfClose();
            await call.Connection.ReadCloseAsync();
            call.Connection.Close();
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        await client.SendAsync(Post);
        WireResponse answer = await client.ReadAnswerAsync();

        Assert.That((answer.Status, answer.Text), Is.EqualTo((413, "big")));
    }

    [Test]
    public async Task An_empty_reason_keeps_its_space()
    {
        ScriptedNode node = StartNode(call => call.SendAsync("HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n"));
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        Assert.That((await client.GetAsync("/r/app/f")).Head.StartLine, Is.EqualTo("HTTP/1.1 299 "));
    }
}
