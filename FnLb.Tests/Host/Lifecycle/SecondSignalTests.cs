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
}
