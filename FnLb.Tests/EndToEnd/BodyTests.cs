using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>Bodies by Content-Length, by chunks and until close, relayed as they arrive.</summary>
public sealed class BodyTests : EndToEndTest
{
    private const int Mebibyte = 1024 * 1024;

    [Test]
    public async Task A_mebibyte_goes_each_way_by_content_length_unchanged()
    {
        byte[] body = Payload.Random(Mebibyte);
        ScriptedNode node = StartNode(async call => await call.AnswerAsync(await call.ReadBodyAsync()));
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        await client.SendAsync($"POST /r/app/f HTTP/1.1\r\nHost: a\r\nContent-Length: {Mebibyte}\r\n\r\n");
        Task sending = client.SendAsync(body);
        WireResponse answer = await client.ReadAnswerAsync();
        await sending;

        NodeCall call = node.Calls.Single();
        Assert.That(call.Head.Value("Content-Length"), Is.EqualTo("1048576"));
        Assert.That(answer.Head.Value("Content-Length"), Is.EqualTo("1048576"));
        Assert.That((await call.ReadBodyAsync()).AsSpan().SequenceEqual(body), "the node got the client's bytes");
        Assert.That(answer.Body.AsSpan().SequenceEqual(body), "the client got the node's bytes");
    }

    [Test]
    public async Task A_mebibyte_goes_each_way_by_chunks_unchanged()
    {
        byte[] body = Payload.Random(Mebibyte);
        ScriptedNode node = StartNode(async call =>
        {
            byte[] received = await call.ReadBodyAsync();
            await call.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            await call.Connection.SendAsync(Payload.Chunked(received));
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        await client.SendAsync("POST /r/app/f HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        Task sending = client.SendAsync(Payload.Chunked(body));
        WireResponse answer = await client.ReadAnswerAsync();
        await sending;

        NodeCall call = node.Calls.Single();
        Assert.That(call.Head.Value("Transfer-Encoding"), Is.EqualTo("chunked"));
        Assert.That(answer.Head.Value("Transfer-Encoding"), Is.EqualTo("chunked"));
        Assert.That((await call.ReadBodyAsync()).AsSpan().SequenceEqual(body), "the node got the client's bytes");
        Assert.That(answer.Body.AsSpan().SequenceEqual(body), "the client got the node's bytes");
    }

    [Test]
    public async Task A_body_that_ends_with_the_connection_arrives_whole_and_the_client_connection_lives_on()
    {
        byte[] body = Payload.Random(200_000);
        ScriptedNode node = StartNode(async call =>
        {
            await call.SendAsync("HTTP/1.1 200 OK\r\n\r\n");
            await call.Connection.SendAsync(body);
            call.Connection.Close();
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        WireResponse first = await client.GetAsync("/r/app/f");
        WireResponse second = await client.GetAsync("/r/app/f");

        Assert.That(first.Body.AsSpan().SequenceEqual(body));
        Assert.That(second.Body.AsSpan().SequenceEqual(body));
        Assert.That(node.Calls.Select(call => call.Connection.Number).Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task The_node_gets_the_first_bytes_of_a_body_before_the_client_sends_the_last()
    {
        TaskCompletionSource<byte[]> firstHalf = new();
        ScriptedNode node = StartNode(async call =>
        {
            firstHalf.SetResult(await call.Connection.Reader.ReadExactlyAsync(5));
            byte[] rest = await call.Connection.Reader.ReadExactlyAsync(5);
            await call.SendAsync("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\n");
            await call.Connection.SendAsync(rest);
            call.Connection.Close();
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        await client.SendAsync("POST /r/app/f HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nfirst");
        byte[] first = await firstHalf.Task;
        await client.SendAsync("after");

        Assert.That((await client.ReadAnswerAsync()).Text, Is.EqualTo("after"));
        Assert.That(first, Is.EqualTo("first"u8.ToArray()));
    }

    [Test]
    public async Task The_client_gets_the_first_bytes_of_a_body_before_the_node_sends_the_last()
    {
        TaskCompletionSource clientHasFirst = new();
        ScriptedNode node = StartNode(async call =>
        {
            await call.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst");
            await clientHasFirst.Task;
            await call.SendAsync("after");
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        await client.SendAsync("GET /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n");
        await client.ReadHeadAsync();
        byte[] first = await client.Reader.ReadExactlyAsync(5);
        clientHasFirst.SetResult();
        byte[] after = await client.Reader.ReadExactlyAsync(5);

        Assert.That((first, after), Is.EqualTo(("first"u8.ToArray(), "after"u8.ToArray())));
    }

    [Test]
    public async Task Trailers_pass_both_ways()
    {
        ScriptedNode node = StartNode(async call =>
        {
            await call.ReadBodyAsync();
            await call.SendAsync(
                "HTTP/1.1 200 OK\r\nTrailer: X-Down\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "2\r\nok\r\n0\r\nX-Down: 2\r\n\r\n");
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        WireResponse answer = await client.CallAsync(
            "POST /r/app/f HTTP/1.1\r\nHost: a\r\nTrailer: X-Up\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "2\r\nhi\r\n0\r\nX-Up: 1\r\n\r\n");

        Assert.That(answer.Text, Is.EqualTo("ok"));
        Assert.That(answer.Trailers, Is.EqualTo(new[] { new WireField("X-Down", "2") }));
        Assert.That(node.Calls.Single().Trailers, Is.EqualTo(new[] { new WireField("X-Up", "1") }));
    }

    [Test]
    public async Task A_body_is_relayed_by_its_framing_whatever_the_method(
        [Values("GET", "DELETE", "OPTIONS")] string method)
    {
        ScriptedNode node = StartNode();
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        WireResponse first = await client.CallAsync(method, "/r/app/f", "hello");
        WireResponse second = await client.GetAsync("/r/app/f");

        Assert.That((first.Status, second.Status), Is.EqualTo((200, 200)));
        Assert.That(await node.Calls.First().ReadBodyAsync(), Is.EqualTo("hello"u8.ToArray()));
    }
}
