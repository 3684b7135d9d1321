using System.Net.Sockets;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>How the process ends.</summary>
public sealed class ShutdownTests : EndToEndTest
{
    private const string Get = "GET /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n";

    [Test]
    public async Task A_signal_stops_accepting_finishes_what_runs_and_ends_with_0(
        [Values(Signals.Terminate, Signals.Interrupt, Signals.Quit)] int signal)
    {
        TaskCompletionSource mayAnswer = new();
        ScriptedNode node = StartNode(async call =>
        {
            await mayAnswer.Task;
            await call.AnswerAsync("finished");
        });
        FnlbProcess fnlb = await StartFnlbAsync(node);
        ExpectExit(fnlb);
        RawClient client = await ConnectAsync(fnlb);
        RawClient idle = await ConnectAsync(fnlb);
        await client.SendAsync(Get);
        await Eventually.HoldsAsync(() => node.Calls.Count == 1, "the call is at the node");

        fnlb.Signal(signal);
        await Eventually.HoldsAsync(() => RefusesAsync(fnlb), "new connections are refused");
        ConnectionEnd idleEnd = await idle.ReadCloseAsync(TimeSpan.FromSeconds(5));
        await Eventually.StaysTrueAsync(() => !fnlb.HasExited, TimeSpan.FromMilliseconds(300), "it waits for the call");
        mayAnswer.SetResult();
        WireResponse answer = await client.ReadAnswerAsync();
        ProcessExit exit = await fnlb.WaitForExitAsync(TimeSpan.FromSeconds(5));

        Assert.That(idleEnd, Is.EqualTo(ConnectionEnd.Closed));
        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, "finished")));
        Assert.That(answer.Head.Value("Connection"), Is.EqualTo("close"));
        Assert.That(exit.Code, Is.Zero, exit.ToString());
    }

    [Test]
    public async Task What_still_runs_after_the_shutdown_timeout_is_cut()
    {
        ScriptedNode node = StartNode(call => call.Connection.ReadCloseAsync(TimeSpan.FromSeconds(30)));
        FnlbProcess fnlb = await StartFnlbAsync(node, "-shutdown-timeout=1");
        ExpectExit(fnlb);
        RawClient client = await ConnectAsync(fnlb);
        await client.SendAsync(Get);
        await Eventually.HoldsAsync(() => node.Calls.Count == 1, "the call is at the node");

        fnlb.Signal(Signals.Terminate);
        ProcessExit exit = await fnlb.WaitForExitAsync(TimeSpan.FromSeconds(4));

        Assert.That(exit.Code, Is.Zero, exit.ToString());
    }

    [Test]
    public async Task Nothing_in_flight_means_that_the_process_ends_at_once()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node);
        ExpectExit(fnlb);
        await (await ConnectAsync(fnlb)).GetAsync("/r/app/f");

        fnlb.Signal(Signals.Terminate);

        Assert.That((await fnlb.WaitForExitAsync(TimeSpan.FromSeconds(2))).Code, Is.Zero);
    }

    private static async Task<bool> RefusesAsync(FnlbProcess fnlb)
    {
        try
        {
            using RawClient probe = await RawClient.ConnectAsync(fnlb.Port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
