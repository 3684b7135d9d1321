using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary><c>fnlb demo</c>.</summary>
public sealed class DemoTests : EndToEndTest
{
    [Test]
    public async Task The_demo_shows_calls_latency_cold_share_and_nodes_and_ends_by_itself()
    {
        ProcessExit exit = await FnlbProcess.RunAsync(["demo", "--seconds", "3"]);

        Assert.That(exit.Code, Is.Zero, exit.ToString());
        string[] summaries = [.. exit.ErrorLines.Where(line => line.Contains("calls/s", StringComparison.Ordinal))];
        Assert.That(summaries, Has.Length.GreaterThanOrEqualTo(2), exit.ToString());
        Assert.That(summaries, Is.All.Contain("p50").And.Contain("p99").And.Contain("cold").And.Contain("online"));
        Assert.That(exit.Output, Does.Contain("curl").And.Contain("/1/lb/nodes").And.Contain("http://"));
    }

    [Test]
    public async Task A_wrong_option_of_the_demo_ends_with_2()
    {
        ProcessExit exit = await FnlbProcess.RunAsync(["demo", "--seconds", "soon"]);

        Assert.That(exit.Code, Is.EqualTo(2), exit.ToString());
        Assert.That(exit.Error, Does.Contain("seconds").And.Contain("soon"));
    }

    [Test]
    public async Task A_signal_ends_the_demo()
    {
        FnlbProcess demo = Own(FnlbProcess.Launch(0, 0, ["demo"]));
        await Eventually.HoldsAsync(() => demo.Error.Contains("calls/s", StringComparison.Ordinal), "a summary line");

        demo.Signal(Signals.Terminate);

        Assert.That((await demo.WaitForExitAsync(TimeSpan.FromSeconds(5))).Code, Is.Zero);
    }
}
