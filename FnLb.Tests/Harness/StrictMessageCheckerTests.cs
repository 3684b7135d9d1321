using System.Text;
using NUnit.Framework;

namespace FnLb.Tests.Harness;

/// <summary>The judge itself: what it must refuse, beside what it must let pass.</summary>
public sealed class StrictMessageCheckerTests
{
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [TestCase("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")]
    [TestCase("POST /a?b=%20 HTTP/1.1\r\nHost: a:80\r\nContent-Length: 10\r\nX: \u0085\t\u00ff\r\n\r\n")]
    [TestCase("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")]
    public void A_valid_request_head_passes(string head) =>
        Assert.That(() => StrictMessageChecker.CheckRequestHead(Encoding.Latin1.GetBytes(head)), Throws.Nothing);

    [TestCase("GET / HTTP/1.0\r\nHost: a\r\n\r\n")]
    [TestCase("GET  / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [TestCase("GET a HTTP/1.1\r\nHost: a\r\n\r\n")]
    [TestCase("GET * HTTP/1.1\r\nHost: a\r\n\r\n")]
    [TestCase("GET /#a HTTP/1.1\r\nHost: a\r\n\r\n")]
    [TestCase("G(T / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nX: a\nb\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nX : a\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n X: a\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 05\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n")]
    public void An_invalid_or_ambiguous_request_head_is_refused(string head) => Assert.That(
        () => StrictMessageChecker.CheckRequestHead(Encoding.Latin1.GetBytes(head)),
        Throws.InstanceOf<WireFormatException>());

    [TestCase("HTTP/1.1 200 OK\r\n\r\n", true)]
    [TestCase("HTTP/1.1 299 \r\n\r\n", true)]
    [TestCase("HTTP/1.1 200\r\n\r\n", false)]
    [TestCase("HTTP/1.0 200 OK\r\n\r\n", false)]
    [TestCase("HTTP/1.1 20 OK\r\n\r\n", false)]
    [TestCase("HTTP/1.1 099 OK\r\n\r\n", false)]
    [TestCase("HTTP/1.1 200 OK\r\nX: a\nb\r\n\r\n", false)]
    public void A_status_line_has_a_version_three_digits_and_a_space(string head, bool isValid)
    {
        Assert.That(Check, isValid ? Throws.Nothing : Throws.InstanceOf<WireFormatException>());

        void Check() => StrictMessageChecker.CheckResponseHead(Encoding.Latin1.GetBytes(head));
    }

    [TestCase("5\r\nhello\r\n0\r\n\r\n", "hello")]
    [TestCase("5;x=1\r\nhello\r\n0\r\n\r\n", null)]
    [TestCase("5\r\nhelloXX0\r\n\r\n", null)]
    [TestCase("+5\r\nhello\r\n0\r\n\r\n", null)]
    [TestCase("5\r\nhello\r\n0\r\nbad trailer\r\n\r\n", null)]
    public async Task A_client_reads_chunks_strictly(string chunks, string? body)
    {
        using ScriptedNode node = ScriptedNode.Start(
            call => call.SendAsync($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"));
        using RawClient client = await RawClient.ConnectAsync(node.Port);

        if (body is null)
        {
            Assert.That(async () => await client.GetAsync("/"), Throws.InstanceOf<WireFormatException>());
        }
        else
        {
            Assert.That((await client.GetAsync("/")).Text, Is.EqualTo(body));
        }
    }

    [Test]
    public async Task A_node_records_calls_and_counts_checks_apart()
    {
        using ScriptedNode node = ScriptedNode.Start();
        using RawClient client = await RawClient.ConnectAsync(node.Port);

        WireResponse check = await client.GetAsync("/version");
        WireResponse answer = await client.PostAsync("/r/app/f", "body");

        Assert.That((check.Status, answer.Text), Is.EqualTo((200, node.Address)));
        Assert.That((node.Checks, node.Calls.Count, node.Faults.Count), Is.EqualTo((1, 1, 0)));
        Assert.That(await node.Calls.Single().ReadBodyAsync(), Is.EqualTo("body"u8.ToArray()));
    }

    [Test]
    public async Task A_node_keeps_an_invalid_request_as_a_fault()
    {
        using ScriptedNode node = ScriptedNode.Start();
        using RawClient client = await RawClient.ConnectAsync(node.Port);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n");
        await client.ReadCloseAsync();

        Assert.That(node.Faults.Single(), Is.InstanceOf<WireFormatException>());
        Assert.That(node.Calls, Is.Empty);
    }

    [Test]
    public async Task A_node_that_ignores_connects_neither_accepts_nor_refuses()
    {
        using ScriptedNode node = ScriptedNode.Start();
        await node.IgnoreConnectsAsync();

        Task connecting = RawClient.ConnectAsync(node.Port).WaitAsync(TimeSpan.FromMilliseconds(300));

        Assert.That(async () => await connecting, Throws.InstanceOf<TimeoutException>());
    }
}
