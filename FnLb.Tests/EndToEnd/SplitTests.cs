using System.Text;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>Messages that arrive in two segments, cut at every byte.</summary>
/// <remarks>
/// Between the segments a call on another connection goes through the same, single event loop: when it is answered, the
/// loop has handled the first segment by itself.
/// </remarks>
public sealed class SplitTests : EndToEndTest
{
    private const string ByLength =
        "POST /r/app/f HTTP/1.1\r\nHost: fn.test\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\nhello world";

    private const string ByChunks =
        "POST /r/app/f HTTP/1.1\r\nHost: fn.test\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "5\r\nhello\r\n6;x=\"1\"\r\n world\r\n0\r\nX-T: 1\r\n\r\n";

    [Test]
    public async Task A_request_split_at_any_byte_reaches_the_node_whole([Values(ByLength, ByChunks)] string request)
    {
        ScriptedNode node = StartNode(async call => await call.AnswerAsync(await call.ReadBodyAsync()));
        FnlbProcess fnlb = await StartFnlbAsync(node, "--threads=1");
        RawClient client = await ConnectAsync(fnlb);
        RawClient other = await ConnectAsync(fnlb);

        for (int splitAt = 1; splitAt < request.Length; splitAt++)
        {
            await client.SendAsync(request[..splitAt]);
            await other.GetAsync("/between");
            await client.SendAsync(request[splitAt..]);
            WireResponse answer = await client.ReadAnswerAsync();
            Assert.That(answer.Text, Is.EqualTo("hello world"), $"split at {splitAt}");
        }
    }

    [Test]
    public async Task An_answer_split_at_any_byte_reaches_the_client_whole([Values] bool isChunked)
    {
        string wire = isChunked
            ? "HTTP/1.1 200 OK\r\nX-A: 1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
            : "HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 11\r\n\r\nhello world";
        int splitAt = 0;
        RawClient? other = null;
        ScriptedNode node = StartNode(async call =>
        {
            if (call.Target == "/between")
            {
                await call.AnswerAsync("");
                return;
            }

            await call.SendAsync(wire[..splitAt]);
            await other!.GetAsync("/between");
            await call.SendAsync(wire[splitAt..]);
        });
        FnlbProcess fnlb = await StartFnlbAsync(node, "--threads=1");
        RawClient client = await ConnectAsync(fnlb);
        other = await ConnectAsync(fnlb);

        for (splitAt = 1; splitAt < wire.Length; splitAt++)
        {
            WireResponse answer = await client.GetAsync("/r/app/f");
            Assert.That(answer.Text, Is.EqualTo("hello world"), $"split at {splitAt}");
        }
    }

    [Test]
    public async Task A_request_sent_byte_by_byte_reaches_the_node_only_when_its_head_is_complete()
    {
        ScriptedNode node = StartNode(async call => await call.AnswerAsync(await call.ReadBodyAsync()));
        FnlbProcess fnlb = await StartFnlbAsync(node, "--threads=1");
        RawClient client = await ConnectAsync(fnlb);
        RawClient other = await ConnectAsync(fnlb);
        int headLength = ByLength.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;

        for (int i = 0; i < headLength - 1; i++)
        {
            await client.SendAsync(Encoding.Latin1.GetBytes(ByLength[i..(i + 1)]));
            await other.GetAsync("/between");
        }

        Assert.That(node.Calls.Count(call => call.Target == "/r/app/f"), Is.Zero);
        await client.SendAsync(ByLength[(headLength - 1)..]);
        Assert.That((await client.ReadAnswerAsync()).Text, Is.EqualTo("hello world"));
    }
}
