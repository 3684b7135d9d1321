using System.Globalization;
using System.Net.Sockets;
using FnLb.Host.Lifecycle;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Host.Lifecycle;

/// <summary>The operator who will not wait, on the executable.</summary>
public sealed class SecondSignalTests : EndToEndTest
{
    [Test]
    public async Task A_second_signal_cuts_what_still_runs_and_the_process_ends_with_0()
    {
        ScriptedNode node = StartNode(call => call.Connection.ReadCloseAsync(TimeSpan.FromSeconds(30)));
        FnlbProcess fnlb = await StartFnlbAsync(node);
        ExpectExit(fnlb);
        RawClient client = await ConnectAsync(fnlb);
        await client.SendAsync("GET /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n");
        await Eventually.HoldsAsync(() => node.Calls.Count == 1, "the call is at the node");

        fnlb.Signal(Signals.Terminate);
        await Eventually.HoldsAsync(() => fnlb.Error.Contains("[1001]", StringComparison.Ordinal), "it drains");
        bool exitedEarly = fnlb.HasExited;
        fnlb.Signal(Signals.Interrupt);
        ProcessExit exit = await fnlb.WaitForExitAsync(TimeSpan.FromSeconds(3));

        Assert.That((exitedEarly, exit.Code), Is.EqualTo((false, 0)), exit.ToString());
        Assert.That(exit.Error, Does.Contain("SIGINT again"));
    }

    [Test]
    public async Task What_a_predecessor_asks_after_a_signal_is_no_second_one()
    {
        TaskCompletionSource mayAnswer = new();
        ScriptedNode node = StartNode(async call =>
        {
            await mayAnswer.Task;
            await call.AnswerAsync("finished");
        });
        (int here, int there) = NativeCalls.SocketPair();
        HandOverChannel channel = Own(new HandOverChannel(new Socket(new SafeSocketHandle(here, ownsHandle: true))));
        FnlbProcess fnlb = LaunchSuccessor(there);
        await LetServeAsync(channel, node);
        RawClient client = await ConnectAsync(fnlb);
        await client.SendAsync("GET /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n");
        await Eventually.HoldsAsync(() => node.Calls.Count == 1, "the call is at the node");

        fnlb.Signal(Signals.Terminate);
        await channel.SayServiceAsync(isToStop: true, default);
        await Eventually.HoldsAsync(() => fnlb.Error.Contains("[1001]", StringComparison.Ordinal), "it drains");
        mayAnswer.SetResult();
        WireResponse answer = await client.ReadAnswerAsync();
        ProcessExit exit = await fnlb.WaitForExitAsync(TimeSpan.FromSeconds(5));

        Assert.That((answer.Text, exit.Code), Is.EqualTo(("finished", 0)), exit.ToString());
        Assert.That(exit.Error, Does.Not.Contain("[1002]"));
    }

    /// <param name="control">Where it hears of its predecessor, which the test is; closed here.</param>
    private FnlbProcess LaunchSuccessor(int control)
    {
        using SafeSocketHandle theirs = new(control, ownsHandle: true);
        int port = FreePort.Next();
        int adminPort = FreePort.Next();
        string handOver = string.Create(CultureInfo.InvariantCulture, $"{InheritedSockets.ControlName}={control}");
        NativeCalls.SetInherited(control, isInherited: true);
        return Own(FnlbProcess.Launch(
            port, adminPort, [$"-listen=127.0.0.1:{port}", $"-mgmt-listen=127.0.0.1:{adminPort}"],
            new Dictionary<string, string> { [InheritedSockets.HandOverVariable] = handOver }));
    }

    private static async Task LetServeAsync(HandOverChannel channel, ScriptedNode node)
    {
        ServiceState state = new() { Members = [new MemberState(node.Address, default, 1)] };
        _ = await channel.ReadNumberAsync(default);
        await channel.SendStateAsync(state, default);
        bool isReady = await channel.WaitForDoneAsync(default);
        await channel.SendListAsync(state, default);
        bool serves = await channel.WaitForDoneAsync(default);
        Assert.That((isReady, serves), Is.EqualTo((true, true)));
    }
}
