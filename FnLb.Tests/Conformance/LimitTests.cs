using System.Diagnostics;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>Too slow, too large, too silent: RFC 9110 section 15. The limits are lowered by their options.</summary>
public sealed class LimitTests : ConformanceTest
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ElapsedMin = TimeSpan.FromSeconds(0.9);

    private protected override string[] Flags =>
        ["--head-timeout=1s", "--stall-timeout=1s", "--idle-timeout=1s", "--answer-timeout=1s", "--max-body=1000"];

    [Test]
    public async Task B99_An_idle_client_is_closed_without_a_word()
    {
        RawClient client = await ConnectAsync();
        await client.GetAsync("/");
        long started = Stopwatch.GetTimestamp();

        Assert.That(await client.ReadCloseAsync(), Is.EqualTo(ConnectionEnd.Closed));
        Assert.That(Stopwatch.GetElapsedTime(started), Is.InRange(ElapsedMin, Timeout * 5));
    }

    [Test]
    public async Task B137_A_head_that_trickles_is_408()
    {
        int callsBefore = Node.Calls.Count;
        RawClient client = await ConnectAsync();
        await client.SendAsync(Get + "X: ");
        Task<WireResponse> reading = ReadRefusalAsync(client, 408, "");
        await Eventually.HoldsAsync(
            async () =>
            {
                await Task.WhenAny(client.SendAsync("x"));
                return reading.IsCompleted;
            },
            "answered although bytes keep coming");

        await reading;
        Assert.That(Node.Calls, Has.Count.EqualTo(callsBefore));
    }

    [TestCase("Content-Length: 10\r\n\r\nhello")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    public async Task B137_A_body_that_stands_still_is_408(string rest)
    {
        RawClient client = await ConnectAsync();
        await client.SendAsync($"POST {Bad} HTTP/1.1\r\n{Host}{rest}");

        await ReadRefusalAsync(client, 408, rest);

        NodeConnection connection = Node.Calls.Last().Connection;
        await Eventually.HoldsAsync(() => connection.IsClosed, "the node connection was aborted");
    }

    [Test]
    public async Task B138_A_length_over_the_limit_is_413_before_the_body()
    {
        await RefusedAsync($"{Post}Content-Length: 1000000000\r\n\r\n", 413);
        await RefusedUnlikeAsync(
            $"{Post}Content-Length: 1000\r\n\r\n{new string('x', 1000)}", $"{Post}Content-Length: 1001\r\n\r\n", 413);
    }

    [Test]
    public async Task B138_Chunks_over_the_limit_are_413([Values] bool isHeadFirst)
    {
        string thousand = $"3e8\r\n{new string('x', 1000)}\r\n";
        await ChunksRefusedAsync($"{thousand}1\r\nx\r\n0\r\n\r\n", isHeadFirst, 413);
        await ChunksRefusedAsync("fffffff\r\n" + new string('x', 5000), isHeadFirst, 413);
        await ServedAsync($"{Post}Transfer-Encoding: chunked\r\n\r\n{thousand}0\r\n\r\n");
    }

    [Test]
    public async Task B140_A_node_that_does_not_answer_is_504()
    {
        Node.Script = async call =>
        {
            await call.Connection.ReadCloseAsync();
            call.Connection.Close();
        };
        RawClient client = await ConnectAsync();
        int callsBefore = Calls.Count();

        WireResponse answer = await client.GetAsync("/");
        Node.Script = EchoAsync;

        Assert.That((answer.Status, Calls.Count() - callsBefore), Is.EqualTo((504, 1)));
        Assert.That(answer.Text, Does.Match(ErrorBody));
        Assert.That((await client.GetAsync("/next")).Text, Is.EqualTo("/next\n"));
    }
}
