using FnLb.Benchmarks.Scaling;
using FnLb.Benchmarks.Simulation;
using NUnit.Framework;

namespace FnLb.Tests.Host.Telemetry;

/// <summary>The advice on the simulated cluster with the real router; docs/scaling-advice.md has figures.</summary>
public sealed class SimulatedAdviceTests
{
    [Test]
    public void It_follows_a_load_that_doubles_and_halves([Range(1, 3)] int seed) =>
        AssertHeld(ScalingScenario.LightStep, seed);

    [Test]
    public void It_follows_a_load_that_fills_every_node_for_a_while([Range(1, 3)] int seed) =>
        AssertHeld(ScalingScenario.Step, seed);

    [Test]
    public void Bursts_do_not_change_it([Range(1, 3)] int seed) => AssertHeld(ScalingScenario.Bursts, seed);

    [Test]
    public void Bursts_that_fill_every_node_do_not_change_it([Range(1, 3)] int seed) =>
        AssertHeld(ScalingScenario.FullBursts, seed);

    private static void AssertHeld(ScalingScenario scenario, int seed)
    {
        Trace trace = new(scenario.Cluster, seed);
        Assert.That(
            scenario.Judge(trace, SimulatedAdvice.Of(scenario, trace, seed)), Is.All.StartsWith("held"));
    }
}
