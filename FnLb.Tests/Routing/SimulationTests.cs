using FnLb.Benchmarks.Simulation;
using NUnit.Framework;

namespace FnLb.Tests.Routing;

/// <summary>
/// The router on a simulated cluster, beside bounded loads. The limits leave room for other seeds: they are to catch a
/// change that makes placements worse, docs/routing.md has the figures.
/// </summary>
public sealed class SimulationTests
{
    private const int Seed = 1;

    [TestCase(1)]
    [TestCase(2)]
    public void Calls_wait_less_and_start_fewer_containers_than_with_bounded_loads(int balancers)
    {
        Scenario scenario = Scenarios.Small with { Balancers = balancers, Seconds = 90, WarmUpSeconds = 40 };

        Comparison comparison = Comparison.Run(scenario, seeds: 1, tunings: []);

        Assert.That(comparison[Policy.WarmRank].Failures, Is.Zero);
        Assert.That(comparison.WaitRatio(Policy.WarmRank), Is.LessThan(0.6));
        Assert.That(comparison.LaunchRatio(Policy.WarmRank), Is.LessThan(0.75));
        Assert.That(
            comparison[Policy.WarmRank].MeanWaitMilliseconds,
            Is.LessThan(0.03 * comparison[Policy.LeastConnections].MeanWaitMilliseconds));
    }

    [TestCase(1, 0.55)]
    [TestCase(2, 0.65)]
    public void With_more_functions_than_idle_slots_calls_wait_less_than_with_bounded_loads(
        int balancers, double waitRatioMax)
    {
        Scenario scenario = Scenarios.Tight with { Balancers = balancers, Seconds = 60, WarmUpSeconds = 40 };

        Comparison comparison = Comparison.Run(scenario, seeds: 1, tunings: []);

        Assert.That(comparison[Policy.WarmRank].Failures, Is.Zero);
        Assert.That(comparison.WaitRatio(Policy.WarmRank), Is.LessThan(waitRatioMax));
        Assert.That(comparison.LaunchRatio(Policy.WarmRank), Is.LessThan(balancers == 1 ? 0.90 : 1.5));
    }

    [Test]
    public void On_fifty_nodes_calls_hardly_wait_through_two_balancers()
    {
        Scenario scenario = Scenarios.Fifty with { Used = 0.6, Balancers = 2, Seconds = 40, WarmUpSeconds = 30 };

        SimulationResult result = Run(scenario, Policy.WarmRank);

        Assert.That(result.Failures, Is.Zero);
        Assert.That(result.MeanWaitMilliseconds, Is.LessThan(10));
        Assert.That(result.LaunchesPer100, Is.LessThan(3));
    }

    [Test]
    public void A_flash_crowd_is_served_within_five_seconds_and_its_nodes_are_given_back()
    {
        FlashCrowd crowd = new(FromSeconds: 40, ToSeconds: 60, Function: 30, Share: 0.25);
        Scenario scenario = Scenarios.Medium with { FlashCrowds = [crowd], Seconds = 85, WarmUpSeconds = 20 };

        SimulationResult result = Run(scenario, Policy.WarmRank);

        CrowdOutcome outcome = CrowdOutcome.Of(crowd, result.Calls);
        Assert.That(outcome.P99WaitMilliseconds, Is.LessThan(100));
        Assert.That(outcome.NodesDuring, Is.GreaterThan(2));
        Assert.That(outcome.NodesAfter, Is.LessThanOrEqualTo(outcome.NodesBefore + 1));
    }

    [Test]
    public void A_cluster_that_was_all_cold_at_full_load_gets_warm()
    {
        Scenario scenario = Scenarios.Medium with
        {
            Workload = Workload.ShortCalls,
            RampSeconds = 0,
            Seconds = 60,
            WarmUpSeconds = 45,
        };

        SimulationResult result = Run(scenario, Policy.WarmRank);

        Assert.That(result.Failures, Is.Zero);
        Assert.That(result.MeanWaitMilliseconds, Is.LessThan(5));
    }

    [Test]
    public void After_an_overload_nodes_are_used_as_before()
    {
        Scenario scenario = Scenarios.Medium with
        {
            Used = 0.5,
            LoadChanges = [new LoadChange(40, 2), new LoadChange(70, 1)],
            WarmUpSeconds = 85,
            Seconds = 115,
        };

        SimulationResult result = Run(scenario, Policy.WarmRank);

        Assert.That(result.Failures, Is.Zero);
        Assert.That(result.MeanWaitMilliseconds, Is.LessThan(25));
    }

    [TestCase(DisturbanceKind.Kill, DisturbanceKind.Revive)]
    [TestCase(DisturbanceKind.Refuse, DisturbanceKind.Accept)]
    [TestCase(DisturbanceKind.Drain, DisturbanceKind.Activate)]
    public void No_call_fails_for_a_node_that(object comesFirst, object comesLater)
    {
        Scenario scenario = Scenarios.Medium with
        {
            Seconds = 70,
            WarmUpSeconds = 20,
            Disturbances =
            [
                new Disturbance(30, (DisturbanceKind)comesFirst, 3),
                new Disturbance(50, (DisturbanceKind)comesLater, 3),
            ],
        };

        SimulationResult result = Run(scenario, Policy.WarmRank);

        // Nobody can save the calls that were on the node when it died; no call comes there after that.
        int lostMax = (DisturbanceKind)comesFirst == DisturbanceKind.Kill ? Scenarios.Medium.SlotsOf(3) : 0;
        Assert.That(result.Failures, Is.Zero);
        Assert.That(result.Lost, Is.InRange(int.Min(lostMax, 1), lostMax));
        Assert.That(result.MeanWaitMilliseconds, Is.LessThan(10));
    }

    private static SimulationResult Run(Scenario scenario, Policy policy) =>
        ClusterSimulation.Run(scenario, new Trace(scenario, Seed), policy, Seed);
}
