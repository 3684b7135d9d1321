using System.Diagnostics;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Faults;

/// <summary>Every timeout, shortened by its option: it ends what it guards, and not before its time.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class TimeoutTests : EndToEndTest
{
    private const string Get = "GET /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n";
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(600);

    // Timers may run on ticks: a timeout may come one coarse tick early, but not at once.
    private static readonly TimeSpan ElapsedMin = TimeSpan.FromMilliseconds(500);

    [Test]
    public async Task A_request_head_that_does_not_end_is_answered_408_and_closed()
    {
        RawClient client = await ConnectAsync(await StartFnlbAsync(StartNode(), "--head-timeout=600ms"));
        long started = Stopwatch.GetTimestamp();

        await client.SendAsync("GET /r/app/f HTTP/1.1\r\nHost: a\r\nX-Never");
        WireResponse answer = await client.ReadAnswerAsync();

        Assert.That(Stopwatch.GetElapsedTime(started), Is.InRange(ElapsedMin, Timeout * 5));
        Assert.That((answer.Status, answer.Head.Value("Connection")), Is.EqualTo((408, "close")));
        await client.ReadCloseAsync();
    }

    [Test]
    public async Task A_request_head_that_trickles_is_not_granted_more_time()
    {
        RawClient client = await ConnectAsync(await StartFnlbAsync(StartNode(), "--head-timeout=600ms"));
        long started = Stopwatch.GetTimestamp();

        await client.SendAsync("GET /r/app/f HTTP/1.1\r\nHost: a\r\nX: ");
        Task<WireResponse> answer = client.ReadAnswerAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                await Task.WhenAny(client.SendAsync("x"));
                return answer.IsCompleted;
            },
            "answered although bytes keep coming");

        Assert.That((await answer).Status, Is.EqualTo(408));
        Assert.That(Stopwatch.GetElapsedTime(started), Is.InRange(ElapsedMin, Timeout * 5));
    }

    [Test]
    public async Task An_idle_client_is_closed_without_an_answer()
    {
        RawClient client = await ConnectAsync(await StartFnlbAsync(StartNode(), "--idle-timeout=600ms"));
        await client.GetAsync("/r/app/f");
        long started = Stopwatch.GetTimestamp();

        ConnectionEnd end = await client.ReadCloseAsync();

        Assert.That(end, Is.EqualTo(ConnectionEnd.Closed));
        Assert.That(Stopwatch.GetElapsedTime(started), Is.InRange(ElapsedMin, Timeout * 5));
    }

    [Test]
    public async Task A_client_that_never_sends_anything_is_closed()
    {
        FnlbProcess fnlb = await StartFnlbAsync(StartNode(), "--idle-timeout=600ms", "--head-timeout=600ms");
        RawClient client = await ConnectAsync(fnlb);

        Assert.That(await client.ReadCloseAsync(Timeout * 5), Is.EqualTo(ConnectionEnd.Closed));
    }

    [Test]
    public async Task A_node_that_does_not_answer_costs_504_and_loses_the_connection()
    {
        TaskCompletionSource<ConnectionEnd> end = new();
        ScriptedNode node = StartNode(async call =>
        {
            end.SetResult(await call.Connection.ReadCloseAsync());
            call.Connection.Close();
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node, "--answer-timeout=600ms"));
        long started = Stopwatch.GetTimestamp();

        WireResponse answer = await client.GetAsync("/r/app/f");

        Assert.That(Stopwatch.GetElapsedTime(started), Is.InRange(ElapsedMin, Timeout * 5));
        Assert.That(answer.Status, Is.EqualTo(504));
        Assert.That(answer.Text, Does.Match(ErrorBody));
        await end.Task;
        Assert.That(node.Calls, Has.Count.EqualTo(1), "a call that may be running is not sent again");
    }

    [Test]
    public async Task A_node_that_stalls_within_a_body_leaves_the_client_with_a_broken_answer_not_a_complete_one()
    {
        ScriptedNode node = StartNode(async call =>
        {
            await call.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            await call.Connection.ReadCloseAsync();
            call.Connection.Close();
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node, "--stall-timeout=600ms"));
        long started = Stopwatch.GetTimestamp();

        await client.SendAsync(Get);

        Assert.That(
            async () => await client.ReadAnswerAsync(),
            Throws.InstanceOf<EndOfStreamException>().Or.InstanceOf<System.Net.Sockets.SocketException>());
        Assert.That(Stopwatch.GetElapsedTime(started), Is.InRange(ElapsedMin, Timeout * 5));
    }

    [Test]
    public async Task A_client_that_stalls_within_a_body_loses_its_call_and_the_node_sees_no_complete_request()
    {
        bool completed = false;
        ScriptedNode node = StartNode(async call =>
        {
            await call.ReadBodyAsync();
            completed = true;
            await call.AnswerAsync("");
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node, "--stall-timeout=600ms"));

        await client.SendAsync("POST /r/app/f HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        WireResponse answer = await client.ReadAnswerAsync();
        await client.ReadCloseAsync();

        Assert.That(answer.Status, Is.EqualTo(408));
        await Eventually.HoldsAsync(() => node.ConnectionsOpenWithCalls == 0, "the node connection was ended");
        Assert.That(completed, Is.False);
    }

    [Test]
    public async Task A_body_that_makes_progress_is_not_stalled_however_long_it_takes()
    {
        RawClient? other = null;
        ScriptedNode node = StartNode(async call =>
        {
            if (call.Target == "/between")
            {
                await call.AnswerAsync("");
                return;
            }

            long started = Stopwatch.GetTimestamp();
            await call.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (Stopwatch.GetElapsedTime(started) < Timeout * 2)
            {
                await call.SendAsync("1\r\nx\r\n");
                await other!.GetAsync("/between");
            }

            await call.SendAsync("0\r\n\r\n");
        });
        FnlbProcess fnlb = await StartFnlbAsync(node, "--stall-timeout=600ms", "--answer-timeout=600ms");
        other = await ConnectAsync(fnlb);

        Assert.That((await (await ConnectAsync(fnlb)).GetAsync("/r/app/f")).Status, Is.EqualTo(200));
    }
}
