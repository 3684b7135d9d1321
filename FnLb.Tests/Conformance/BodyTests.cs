using System.Security.Cryptography;
using System.Text;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>Where bodies end, both ways: RFC 9112 sections 6.3, 7 and 8.</summary>
public sealed class BodyTests : ConformanceTest
{
    [TestCase("X: a\rb\r\n")]
    [TestCase("X: a\r\n b\r\n")]
    [TestCase("X : a\r\n")]
    [TestCase("X: a\0\r\n")]
    [TestCase("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n")]
    public void B4_B18_B36_B61_The_readers_at_both_ends_of_every_test_would_see_what_must_never_be_sent(string lines)
    {
        byte[] request = Encoding.Latin1.GetBytes($"GET / HTTP/1.1\r\n{Host}{lines}\r\n");
        byte[] answer = Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\n{lines}\r\n");
        Assert.That(() => StrictMessageChecker.CheckRequestHead(request), Throws.InstanceOf<WireFormatException>());
        Assert.That(() => Framing(answer), Throws.InstanceOf<WireFormatException>());

        static WireBodyKind Framing(byte[] head) =>
            StrictMessageChecker.BodyOfResponse(StrictMessageChecker.CheckResponseHead(head), "GET");
    }

    [Test]
    public async Task B19_Greedy_messages_are_bounded_in_memory()
    {
        string fields = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"X{i}: y\r\n"));
        string extension = "5;a=" + new string('b', 64 * 1024);
        await FenceAsync();
        long before = Fnlb.ResidentBytes;
        for (int i = 0; i < 100; i++)
        {
            await RefusedAsync($"{Get}{fields}\r\n", 431);
            await ChunksRefusedAsync(extension, isHeadFirst: false);
        }

        Assert.That(Fnlb.ResidentBytes - before, Is.LessThan(16 * 1024 * 1024));
    }

    [Test]
    public async Task B52_A_chunked_answer_is_relayed_whatever_its_segments()
    {
        const string Answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "5;x=\"y\"\r\nhello\r\n1\r\n,\r\n0006\r\n world\r\n0\r\nX-Sum: 1\r\nContent-Length: 3\r\n\r\n";
        Node.Script = async call =>
        {
            foreach (char c in Answer)
            {
                await call.SendAsync($"{c}");
            }
        };

        WireResponse answer = await (await ConnectAsync()).GetAsync("/");

        Assert.That(answer.Text, Is.EqualTo("hello, world"));
        Assert.That(answer.Trailers.Select(field => field.Name), Is.EqualTo((string[])["X-Sum"]));
    }

    [TestCase("")]
    [TestCase("Connection: keep-alive\r\n")]
    public async Task B56_B92_A_chunked_answer_reaches_a_client_of_HTTP_1_0_as_a_body_that_ends_with_the_connection(
        string lines)
    {
        Node.Script = call => call.SendAsync(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n");

        WireResponse answer = await (await ConnectAsync()).CallAsync($"GET / HTTP/1.0\r\n{lines}\r\n");

        Assert.That(answer.Head.Has("Transfer-Encoding") || answer.Head.Has("Content-Length"), Is.False);
        Assert.That((answer.Text, answer.Head.Value("Connection")), Is.EqualTo(("hello", "close")));
    }

    [TestCase("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n", "1234")]
    [TestCase("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 1234\r\n\r\n", "1234")]
    [TestCase("HEAD", "HTTP/1.1 200 OK\r\n\r\n", null)]
    public async Task B62_B75_An_answer_without_a_body_tells_the_length_it_would_have_had(
        string method, string answer, string? length)
    {
        Node.Script = call => call.SendAsync(answer);
        RawClient client = await ConnectAsync();

        WireResponse first = await client.CallAsync($"{method} / HTTP/1.1\r\n{Host}\r\n");
        int connection = Calls.Last().Connection.Number;
        Node.Script = EchoAsync;
        WireResponse second = await client.GetAsync("/2");

        Assert.That((first.Head.Value("Content-Length"), first.Body.Length), Is.EqualTo((length, 0)));
        Assert.That(second.Text, Is.EqualTo("/2\n"));
        Assert.That(Calls.Last().Connection.Number, Is.EqualTo(connection));
    }

    [TestCase("Content-Length: 10\r\n\r\nhello")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n5\r\nhel")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n")]
    public async Task B68_B86_A_request_that_breaks_off_never_looks_complete_to_the_node(string rest)
    {
        foreach (bool isReset in (bool[])[false, true])
        {
            int callsBefore = Node.Calls.Count;
            RawClient client = await ConnectAsync();
            await client.SendAsync($"POST {Bad} HTTP/1.1\r\n{Host}{rest}");
            await Eventually.HoldsAsync(() => Node.Calls.Count > callsBefore, "the head is at the node");
            NodeCall call = Node.Calls.Last();
            if (isReset)
            {
                client.Reset();
            }
            else
            {
                client.HalfClose();
            }

            await Eventually.HoldsAsync(() => call.Connection.IsClosed, "the node connection was aborted");
            await FenceAsync();
        }
    }

    [TestCase("HTTP/1.1")]
    [TestCase("HTTP/1.0")]
    public async Task B8_B70_An_answer_that_ends_with_its_connection_reaches_the_client_as_a_delimited_one(
        string version)
    {
        Node.Script = async call =>
        {
            await call.SendAsync($"{version} 200 OK\r\nX: y\r\n\r\nhello");
            call.Connection.Close();
        };
        RawClient client = await ConnectAsync();

        WireResponse answer = await client.GetAsync("/");
        Node.Script = EchoAsync;
        WireResponse next = await client.GetAsync("/next");

        Assert.That((answer.Head.StartLine, answer.Text), Is.EqualTo(("HTTP/1.1 200 OK", "hello")));
        Assert.That(answer.Head.Value("Transfer-Encoding"), Is.EqualTo("chunked"));
        Assert.That(next.Text, Is.EqualTo("/next\n"));
    }

    [Test]
    public async Task B83_B113_Nothing_is_added_that_only_the_sender_may_add()
    {
        Node.Script = call => call.SendAsync(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");

        WireResponse answer = await (await ConnectAsync()).CallAsync(
            $"OPTIONS / HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        NodeCall call = Calls.Last();

        Assert.That(answer.Trailers, Is.Empty);
        Assert.That(call.Trailers, Is.Empty);
        Assert.That(call.Head.Has("Max-Forwards") || call.Head.Has("Trailer") || call.Head.Has("TE"), Is.False);
    }

    [Test]
    public async Task B84_Trailers_of_an_answer_are_announced_and_sent_as_the_node_does()
    {
        Node.Script = call => call.SendAsync(
            "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: "
                + "\u00e4\r\n\r\n");

        WireResponse answer = await (await ConnectAsync()).GetAsync("/");

        Assert.That(answer.Head.Value("Trailer"), Is.EqualTo("X-Sum"));
        Assert.That(answer.Trailers.Single().Value, Is.EqualTo("\u00e4"));
    }

    [Test]
    public async Task B116_A_body_is_never_transformed()
    {
        byte[] body = Payload.Random(300_000);
        byte[]? seen = null;
        Node.Script = async call =>
        {
            seen = await call.ReadBodyAsync();
            await call.AnswerAsync(body, "Cache-Control: no-transform\r\nContent-Encoding: gzip\r\n");
        };
        RawClient client = await ConnectAsync();
        await client.SendAsync(
            $"{Post}Cache-Control: no-transform\r\nAccept-Encoding: gzip\r\nContent-Length: {body.Length}\r\n\r\n");
        await client.SendAsync(body);

        WireResponse answer = await client.ReadAnswerAsync();

        Assert.That(SHA256.HashData(seen!), Is.EqualTo(SHA256.HashData(body)));
        Assert.That(SHA256.HashData(answer.Body), Is.EqualTo(SHA256.HashData(body)));
        Assert.That(answer.Head.Value("Content-Encoding"), Is.EqualTo("gzip"));
    }
}
