using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>
/// Malformed requests are answered with a 4xx or 5xx and a close, and no byte of them reaches a node.
/// </summary>
/// <remarks>Each refused request stands beside one that differs in the offending bytes and is served.</remarks>
public sealed class RefusalTests : EndToEndTest
{
    private const string Host = "Host: a\r\n";
    private const string Put = "PUT / HTTP/1.1\r\n" + Host;

    [TestCase(400, "G(T / HTTP/1.1\r\n" + Host, "GET / HTTP/1.1\r\n" + Host)]
    [TestCase(400, "GET x HTTP/1.1\r\n" + Host, "GET /x HTTP/1.1\r\n" + Host)]
    [TestCase(400, "GET /a#b HTTP/1.1\r\n" + Host, "GET /a%23b HTTP/1.1\r\n" + Host)]
    [TestCase(400, "GET  / HTTP/1.1\r\n" + Host, "GET / HTTP/1.1\r\n" + Host)]
    [TestCase(400, "GET / http/1.1\r\n" + Host, "GET / HTTP/1.1\r\n" + Host)]
    [TestCase(505, "GET / HTTP/2.1\r\n" + Host, "GET / HTTP/1.2\r\n" + Host)]
    [TestCase(400, "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\n" + Host)]
    [TestCase(400, "GET / HTTP/1.1\r\n" + Host + Host, "GET / HTTP/1.1\r\n" + Host + "Hosts: a\r\n")]
    [TestCase(400, "GET / HTTP/1.1\r\nHost: u@a\r\n", "GET / HTTP/1.1\r\nHost: a\r\n")]
    [TestCase(400, "GET / HTTP/1.1\nHost: a\r\n", "GET / HTTP/1.1\r\nHost: a\r\n")]
    [TestCase(400, "GET / HTTP/1.1\r\n" + Host + "X: a\rb\r\n", "GET / HTTP/1.1\r\n" + Host + "X: a\tb\r\n")]
    [TestCase(400, "GET / HTTP/1.1\r\n" + Host + "X: a\0b\r\n", "GET / HTTP/1.1\r\n" + Host + "X: a\u00ffb\r\n")]
    [TestCase(400, "GET / HTTP/1.1\r\n" + Host + "X : a\r\n", "GET / HTTP/1.1\r\n" + Host + "X: a\r\n")]
    [TestCase(400, "GET / HTTP/1.1\r\n" + Host + "X: a\r\n b\r\n", "GET / HTTP/1.1\r\n" + Host + "X: a b\r\n")]
    [TestCase(400, "GET / HTTP/1.1\r\n" + Host + "NoColon\r\n", "GET / HTTP/1.1\r\n" + Host + "No: Colon\r\n")]
    [TestCase(400, Put + "Content-Length: +0\r\n", Put + "Content-Length: 0\r\n")]
    [TestCase(400, Put + "Content-Length: 0, 1\r\n", Put + "Content-Length: \t0 \t\r\n")]
    [TestCase(
        400,
        Put + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
        Put + "Content-Length: 0\r\nTransfer-Encodings: chunked\r\n")]
    [TestCase(
        400,
        "GET / HTTP/1.1\r\n" + Host + "Transfer-Encoding: chunked, chunked\r\n",
        "GET / HTTP/1.1\r\n" + Host + "Transfer-Encodings: chunked\r\n")]
    public async Task A_malformed_head_is_refused_and_its_well_formed_twin_served(
        int status, string refused, string served)
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node);
        RawClient client = await ConnectAsync(fnlb);

        await client.SendAsync(refused + "\r\n");
        WireResponse refusal = await client.ReadAnswerAsync();
        await client.ReadCloseAsync();
        int callsAfterRefusal = node.Calls.Count;
        RawClient another = await ConnectAsync(fnlb);
        WireResponse answer = await another.CallAsync(served + "\r\n");

        Assert.That(refusal.Status, Is.EqualTo(status));
        Assert.That(refusal.Head.Value("Connection"), Is.EqualTo("close"));
        Assert.That(refusal.Text, Does.Match(ErrorBody));
        Assert.That(callsAfterRefusal, Is.Zero);
        Assert.That((answer.Status, node.Calls.Count), Is.EqualTo((200, 1)));
    }

    [TestCase("5x\r\nhello\r\n0\r\n\r\n")]
    [TestCase("0x5\r\nhello\r\n0\r\n\r\n")]
    [TestCase("5\nhello\r\n0\r\n\r\n")]
    [TestCase("5\r\nhelloXX0\r\n\r\n")]
    [TestCase("5;\r\nhello\r\n0\r\n\r\n")]
    [TestCase("FFFFFFFFFFFFFFFF0\r\nhello\r\n0\r\n\r\n")]
    public async Task A_malformed_chunk_ends_the_call_and_never_completes_it_at_the_node(string chunks)
    {
        bool completed = false;
        ScriptedNode node = StartNode(async call =>
        {
            await call.ReadBodyAsync();
            completed = true;
            await call.AnswerAsync("");
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
        WireResponse refusal = await client.ReadAnswerAsync();
        await client.ReadCloseAsync();

        Assert.That(refusal.Status, Is.EqualTo(400));
        await Eventually.HoldsAsync(() => node.ConnectionsOpenWithCalls == 0, "the node connection was ended");
        Assert.That(completed, Is.False);
    }

    [Test]
    public async Task A_client_that_is_still_sending_can_read_the_refusal()
    {
        ScriptedNode node = StartNode();
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\nContent-Length: 1\r\n\r\n");
        Task sending = client.SendAsync(Payload.Random(1_000_000));
        WireResponse refusal = await client.ReadAnswerAsync();

        Assert.That(refusal.Status, Is.EqualTo(400));

        // The rest of the body may or may not have found a reader; what counts is that the refusal was not lost.
        client.Dispose();
        await Task.WhenAny(sending);
    }
}
