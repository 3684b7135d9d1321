using System.Net;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Faults;

/// <summary>What operators do while calls run: it costs none.</summary>
public sealed class ChangeTests : FaultTest
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    [Test]
    public async Task Nodes_that_come_and_go_ten_times_a_second_cost_no_call()
    {
        EchoNode[] nodes = StartNodes(5);
        FnlbProcess fnlb = await StartFnlbAsync(nodes[..2]);

        await MeasureAsync("nodes added, drained and removed, 10 times a second", fnlb, Promise.NoCallFails, async () =>
        {
            using PeriodicTimer tick = new(TimeSpan.FromMilliseconds(100));
            for (int i = 0; i < Duration.TotalSeconds * 10; i++)
            {
                string node = nodes[2 + (i % 3)].Address;
                string change = (i / 3 % 3) switch
                {
                    0 => $$"""{"node":"{{node}}"}""",
                    1 => $$"""{"node":"{{node}}","state":"draining"}""",
                    _ => "",
                };
                (HttpStatusCode status, string told) = change.Length > 0
                    ? await fnlb.Admin.SendAsync(HttpMethod.Put, "/1/lb/nodes", change)
                    : await fnlb.Admin.RemoveAsync(node);
                Assert.That(status, Is.EqualTo(HttpStatusCode.OK), told);
                await tick.WaitForNextTickAsync();
            }
        });
    }

    [Test]
    public async Task Hand_overs_every_two_seconds_cost_no_call()
    {
        FnlbProcess fnlb = await StartFnlbAsync(StartNodes(2));
        ExpectExit(fnlb);
        Succession succession = Own(new Succession(fnlb));

        await MeasureAsync("hand-over (SIGUSR2) every 2 s", fnlb, Promise.NoCallFails, async () =>
        {
            for (int handOvers = 0; handOvers < 1 + (Duration / Interval); handOvers++)
            {
                await succession.HandOverAsync();
                await LastAsync(Interval);
            }
        }, after: () => new ProcessFigures(succession.Serving));
        await Eventually.HoldsAsync(() => succession.Running().Count() == 1, "those before have ended");
    }

    [Test]
    public async Task Restarts_on_sockets_that_stay_open_every_two_seconds_cost_no_call()
    {
        EchoNode[] nodes = StartNodes(2);
        ActivatedFnlb sockets = Own(new ActivatedFnlb());
        string[] flags = [$"-nodes={nodes[0].Address},{nodes[1].Address}", "-node-idle-timeout=2s",
            "-hc-interval=500ms"];
        FnlbProcess fnlb = Own(sockets.Launch(false, "", flags));
        await fnlb.Admin.WaitForStateAsync(nodes[0].Address, "online");

        await MeasureAsync("restart (SIGTERM, open sockets) every 2 s", fnlb, Promise.NoCallFails, async () =>
        {
            for (int restarts = 0; restarts < 1 + (Duration / Interval); restarts++)
            {
                fnlb.Signal(Signals.Terminate);
                ProcessExit exit = await fnlb.WaitForExitAsync(TimeSpan.FromSeconds(10));
                Assert.That(exit.Code, Is.Zero, exit.ToString());
                fnlb = Own(sockets.Launch(false, "", flags));
                await LastAsync(Interval);
            }
        }, after: () => fnlb.Figures);
    }

    private EchoNode[] StartNodes(int count) => [.. Enumerable.Range(0, count).Select(_ => Own(EchoNode.Start()))];
}
