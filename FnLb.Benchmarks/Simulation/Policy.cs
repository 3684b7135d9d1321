using FnLb.Core.Routing;

namespace FnLb.Benchmarks.Simulation;

/// <summary>A named way to make a load balancer.</summary>
internal sealed record Policy(string Name, Func<Scenario, IReadOnlyList<SimulatedFunction>, IBalancer> Create)
{
    public static Policy WarmRank { get; } = Tuned("fnlb", WarmRankTuning.Default);

    /// <summary>What HAProxy offers, with the factors that make sense.</summary>
    public static IReadOnlyList<Policy> BoundedHash { get; } = [Bounded(1.25), Bounded(1.5), Bounded(2)];

    public static Policy LeastConnections { get; } =
        new("least connections", static (scenario, _) => new LeastConnectionsBalancer(scenario.Nodes));

    public static Policy PlainHash { get; } =
        new("consistent hash", static (scenario, functions) => new BoundedHashBalancer(scenario.Nodes, functions,
            double.PositiveInfinity));

    public static IReadOnlyList<Policy> All { get; } = [WarmRank, .. BoundedHash, PlainHash, LeastConnections];

    public static Policy Tuned(string name, WarmRankTuning tuning) =>
        new(name, (scenario, functions) => new WarmRankBalancer(scenario, functions, tuning));

    private static Policy Bounded(double factor) =>
        new(FormattableString.Invariant($"bounded {factor}"), (scenario, functions) =>
            new BoundedHashBalancer(scenario.Nodes, functions, factor));
}
