using FnLb.Benchmarks.FunctionCluster;
using FnLb.Benchmarks.Simulation;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>
/// What happens to the nodes of a function cluster, with calls arriving whether earlier ones have ended or not; in
/// short. <c>fnlb-bench routing</c> has the long forms, with figures.
/// </summary>
[Parallelizable(ParallelScope.Children)]
public sealed class FunctionClusterTests : EndToEndTest
{
    private const int Nodes = 4;

    private static readonly Workload Quick = new("quick")
    {
        RunMillisecondsMax = 100,
        ColdMillisecondsMin = 50,
        ColdMillisecondsMax = 200,
    };

    private static readonly Scenario Cluster = new("four nodes")
    {
        Nodes = Nodes,
        Functions = 12,
        Used = 0.3,
        Workload = Quick,
        RampSeconds = 1,
        WarmUpSeconds = 1,
        Seconds = 6,
    };

    [TestCase(DisturbanceKind.Kill, DisturbanceKind.Revive)]
    [TestCase(DisturbanceKind.Refuse, DisturbanceKind.Accept)]
    [TestCase(DisturbanceKind.Slow, DisturbanceKind.Recover)]
    public Task No_call_fails_for_a_node_that(object comesFirst, object comesLater) => NoCallFailsAsync(Cluster with
    {
        // A POST on a node that is killed may have run, and is not sent again.
        PostShare = (DisturbanceKind)comesFirst == DisturbanceKind.Kill ? 0 : 0.5,
        Disturbances =
        [
            new Disturbance(2, (DisturbanceKind)comesFirst, 1),
            new Disturbance(4, (DisturbanceKind)comesLater, 1),
        ],
    });

    [Test]
    public async Task No_call_fails_when_a_node_joins_and_it_gets_its_share()
    {
        Scenario scenario = Cluster with
        {
            Functions = 40,
            Joining = 1,
            Disturbances = [new Disturbance(2, DisturbanceKind.Join, Nodes - 1)],
        };

        SimulationResult result = await NoCallFailsAsync(scenario, "-slow-start=0");

        Assert.That(result.Calls.Where(call => call.AtSeconds < 2).Select(call => call.Node), Has.None.EqualTo(3));
        Assert.That(result.Calls.Where(call => call.AtSeconds > 3).Select(call => call.Node), Has.Some.EqualTo(3));
    }

    [Test]
    public Task No_call_fails_while_every_node_is_drained_and_replaced_in_turn() => NoCallFailsAsync(Cluster with
    {
        Seconds = 8,
        Disturbances =
        [
            .. Enumerable.Range(0, Nodes).SelectMany(node => (Disturbance[])
            [
                new Disturbance(1.5 + (1.5 * node), DisturbanceKind.Drain, node),
                new Disturbance(2.5 + (1.5 * node), DisturbanceKind.Activate, node),
            ]),
        ],
    });

    private async Task<SimulationResult> NoCallFailsAsync(Scenario scenario, params string[] flags)
    {
        Trace trace = new(scenario, seed: 1);
        await using LiveNodes nodes = await LiveNodes.StartAsync(scenario, trace, seed: 1);
        FnlbProcess fnlb = Own(await FnlbProcess.StartAsync(nodes.FirstAddresses, ["-hc-interval=1", .. flags]));

        SimulationResult result = await LiveRun.SendAsync(
            scenario, trace, nodes, [new Uri($"http://127.0.0.1:{fnlb.Port}")], AdministerAsync);

        Assert.That(result.Calls, Has.Count.GreaterThan(500));
        Assert.That(result.Failures, Is.Zero);
        return result;

        async Task AdministerAsync(string node, string state) =>
            await fnlb.Admin.SendAsync(
                HttpMethod.Put, "/1/lb/nodes", $$"""{"node":"{{node}}","state":"{{state}}"}""");
    }
}
