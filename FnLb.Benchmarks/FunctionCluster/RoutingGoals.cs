using System.Globalization;
using FnLb.Benchmarks.Simulation;

namespace FnLb.Benchmarks.FunctionCluster;

/// <summary>
/// How fnlb did beside HAProxy, as ratios to the best bounded-load run with as many balancers, and what became of its
/// promises where things happen.
/// </summary>
internal static class RoutingGoals
{
    private const double CrowdP99MillisecondsMax = 100;

    public static void Print(Scenario scenario, IReadOnlyDictionary<LivePeer, RunSummary> runs)
    {
        foreach ((LivePeer peer, RunSummary own) in runs.Where(run => run.Key.IsFnlb))
        {
            RunSummary[] bounded = [.. runs
                .Where(run => run.Key.IsBounded && run.Key.Balancers == peer.Balancers)
                .Select(run => run.Value)];
            if (bounded.Length > 0)
            {
                Print(scenario.Name, peer, "the best bounded-load run", own, RunSummary.BestOf(bounded));
            }

            if (runs.FirstOrDefault(run => run.Key.IsLeastConnections).Value is { } least)
            {
                Print(scenario.Name, peer, "least connections", own, least);
            }

            if (scenario.Disturbances.Count > 0 || scenario.FlashCrowds.Count > 0)
            {
                PrintPromises(scenario.Name, peer, own);
            }
        }
    }

    private static void PrintPromises(string scenario, LivePeer peer, RunSummary own)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{scenario}: {peer.Name}: {Verdict(own.Failures == 0)}: {own.Failures:0} calls failed"));
        if (own.Crowd is CrowdOutcome crowd)
        {
            bool isQuick = crowd.P99WaitMilliseconds < CrowdP99MillisecondsMax;
            bool isBack = crowd.NodesAfter <= crowd.NodesBefore + 1;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{scenario}: {peer.Name}: {Verdict(isQuick && isBack)}:"
                    + $" p99 of the crowd {crowd.P99WaitMilliseconds:0} ms,"
                    + $" nodes {crowd.NodesBefore}, {crowd.NodesDuring}, {crowd.NodesAfter}"));
        }
    }

    private static string Verdict(bool isHeld) => isHeld ? "held" : "missed";

    private static void Print(string scenario, LivePeer peer, string other, RunSummary own, RunSummary others) =>
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{scenario}: {peer.Name} waits {own.MeanWaitMilliseconds / others.MeanWaitMilliseconds:0.000} of {other}, "
                + $"launches {own.LaunchesPer100 / others.LaunchesPer100:0.00}"));
}
