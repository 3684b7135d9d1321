using FnLb.Benchmarks.Scaling;
using FnLb.Benchmarks.Simulation;
using NUnit.Framework;

namespace FnLb.Tests.Host.Telemetry;

/// <summary>The advice on the simulated cluster with the real router; docs/scaling-advice.md has figures.</summary>
public sealed class SimulatedAdviceTests
{
    private const int Seed = 1;

    [Test]
    public void It_follows_a_load_that_doubles_and_halves() => AssertHeld(ScalingScenario.LightStep);

    [Test]
    public void It_follows_a_load_that_fills_every_node_for_a_while() => AssertHeld(ScalingScenario.Step);

    [Test]
    public void Bursts_do_not_change_it() => AssertHeld(ScalingScenario.Bursts);

    private static void AssertHeld(ScalingScenario scenario)
    {
        Trace trace = new(scenario.Cluster, Seed);
        Assert.That(
            scenario.Judge(trace, SimulatedAdvice.Of(scenario, trace, Seed)), Is.All.StartsWith("held"));
    }
}
