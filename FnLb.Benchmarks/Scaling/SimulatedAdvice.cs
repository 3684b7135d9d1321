using FnLb.Benchmarks.Simulation;
using FnLb.Core.Routing;

namespace FnLb.Benchmarks.Scaling;

/// <summary>The advice on the simulated cluster.</summary>
internal static class SimulatedAdvice
{
    public static IReadOnlyList<AdvisedSecond> Of(ScalingScenario scenario, Trace trace, int seed)
    {
        AdvisedBalancer? advised = null;
        Policy policy = new("fnlb with advice", (cluster, functions) =>
            advised = new AdvisedBalancer(
                new WarmRankBalancer(cluster, functions, WarmRankTuning.Default), ScalingScenario.Target));
        _ = ClusterSimulation.Run(scenario.Cluster, trace, policy, seed);
        return [.. advised!.Seconds.Where(second => second.AtSeconds <= scenario.Cluster.Seconds)];
    }
}
