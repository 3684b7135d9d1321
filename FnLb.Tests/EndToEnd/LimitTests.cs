using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>The default limits on a request head, on either side of each.</summary>
public sealed class LimitTests : EndToEndTest
{
    private const int HeadBytesMax = 64 * 1024;
    private const int FieldsMax = 200;
    private const int RequestLineBytesMax = 16 * 1024;

    [Test]
    public async Task A_head_of_64_KB_passes_and_a_longer_one_is_refused()
    {
        static string Head(int bytes)
        {
            const string start = "GET / HTTP/1.1\r\nHost: a\r\nX-Fill: ";
            return start + new string('x', bytes - start.Length - 4) + "\r\n\r\n";
        }

        await AssertServedAndRefusedAsync(Head(HeadBytesMax), Head(HeadBytesMax + 1), 431);
    }

    [Test]
    public async Task Two_hundred_fields_pass_and_one_more_is_refused()
    {
        static string Head(int fields) =>
            "GET / HTTP/1.1\r\nHost: a\r\n" + string.Concat(Enumerable.Repeat("X: 1\r\n", fields - 1)) + "\r\n";

        await AssertServedAndRefusedAsync(Head(FieldsMax), Head(FieldsMax + 1), 431);
    }

    // The limit counts the line with its CRLF.
    [Test]
    public async Task A_request_line_of_16_KB_passes_and_a_longer_one_is_refused()
    {
        static string Head(int lineBytes) =>
            "GET /" + new string('p', lineBytes - "GET / HTTP/1.1\r\n".Length) + " HTTP/1.1\r\nHost: a\r\n\r\n";

        await AssertServedAndRefusedAsync(Head(RequestLineBytesMax), Head(RequestLineBytesMax + 1), 414);
    }

    [Test]
    public async Task A_head_that_never_ends_is_refused_at_the_limit()
    {
        ScriptedNode node = StartNode();
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nX-Fill: " + new string('x', HeadBytesMax));

        Assert.That((await client.ReadAnswerAsync()).Status, Is.EqualTo(431));
    }

    private async Task AssertServedAndRefusedAsync(string served, string refused, int status)
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node);
        RawClient first = await ConnectAsync(fnlb);
        RawClient second = await ConnectAsync(fnlb);

        Assert.That((await first.CallAsync(served)).Status, Is.EqualTo(200));
        Assert.That((await second.CallAsync(refused)).Status, Is.EqualTo(status));
        Assert.That(node.Calls, Has.Count.EqualTo(1));
    }
}
