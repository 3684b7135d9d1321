namespace FnLb.Benchmarks.Simulation;

/// <summary>The scenarios that the policy is judged by.</summary>
internal static class Scenarios
{
    /// <summary>8 nodes of 8 slots, 40 functions, 40 % used.</summary>
    public static readonly Scenario Small = new("8 nodes 40 %");

    /// <summary>10 nodes of 16 slots, 100 functions, 60 % used: more functions than idle slots.</summary>
    public static readonly Scenario Tight =
        new("10 nodes 60 %") { Nodes = 10, Slots = [16], Functions = 100, Used = 0.6 };

    /// <summary>10 nodes of 16 slots, 60 functions, 40 % used; things happen to it.</summary>
    public static readonly Scenario Medium =
        new("10 nodes 40 %") { Nodes = 10, Slots = [16], Functions = 60, Seconds = 170 };

    /// <summary>50 nodes of 16 slots, 200 functions.</summary>
    public static readonly Scenario Fifty = new("50 nodes")
    {
        Nodes = 50,
        Slots = [16],
        Functions = 200,
        Seconds = 120
    };

    public static IReadOnlyList<Scenario> All { get; } =
    [
        .. WithBalancers(Small, 1, 2, 4),
        .. WithBalancers(Tight, 1, 2, 4),
        .. WithBalancers(Fifty with { Name = "50 nodes 30 %", Used = 0.3 }, 1, 2, 4),
        .. WithBalancers(Fifty with { Name = "50 nodes 60 %", Used = 0.6 }, 1, 2, 4),
        .. WithBalancers(Fifty with { Name = "50 nodes 85 %", Used = 0.85 }, 1, 2, 4),
        .. WithBalancers(
            new Scenario("200 nodes 50 %") { Nodes = 200, Slots = [16], Functions = 1000, Used = 0.5, Seconds = 90 },
                1, 2, 4),
        .. WithBalancers(Medium with { Name = "unequal nodes", Slots = [32, 8, 16, 24, 8, 8, 32, 16, 8, 8] }, 1, 2),
        Small with { Name = "8 nodes, bursts", BurstsPerSecond = 0.2 },
        Medium with { Name = "flash crowd", FlashCrowds = [new FlashCrowd(80, 130, 30, 0.25)] },
        Medium with { Name = "node killed", Disturbances = Pair(DisturbanceKind.Kill, DisturbanceKind.Revive) },
        Medium with { Name = "node slow", Disturbances = Pair(DisturbanceKind.Slow, DisturbanceKind.Recover) },
        Medium with { Name = "node refuses", Disturbances = Pair(DisturbanceKind.Refuse, DisturbanceKind.Accept) },
        Medium with { Name = "node joins", Joining = 1, Disturbances = [new Disturbance(80, DisturbanceKind.Join, 9)] },
        Medium with
        {
            Name = "after an overload",
            Used = 0.5,
            LoadChanges = [new LoadChange(50, 2), new LoadChange(90, 1)],
            WarmUpSeconds = 110,
        },
        Medium with { Name = "rolling drain", Disturbances = [.. RollingDrain(Medium.Nodes)] },
        Small with { Name = "8 nodes, no wait header", SendsWait = false },
        Tight with { Name = "10 nodes, no wait header", SendsWait = false },
        .. WithBalancers(Small with { Name = "8 nodes, tight memory", Workload = Workload.Tight }, 1, 2),
        .. WithBalancers(Tight with { Name = "10 nodes, tight memory", Workload = Workload.Tight }, 1, 2),
        Small with { Name = "8 nodes, short calls", Workload = Workload.ShortCalls },
        Tight with { Name = "10 nodes, short calls", Workload = Workload.ShortCalls },
        Small with { Name = "8 nodes, all cold at once", RampSeconds = 0 },
        Tight with { Name = "10 nodes, all cold at once", RampSeconds = 0 },
        Medium with { Name = "short calls, all cold at once", RampSeconds = 0, Workload = Workload.ShortCalls },
    ];

    private static IEnumerable<Scenario> WithBalancers(Scenario scenario, params int[] counts) =>
        from count in counts
        select scenario with
        {
            Name = count == 1 ? scenario.Name : $"{scenario.Name}, {count} balancers",
            Balancers = count,
        };

    private static Disturbance[] Pair(DisturbanceKind first, DisturbanceKind second) =>
        [new Disturbance(80, first, 3), new Disturbance(120, second, 3)];

    private static IEnumerable<Disturbance> RollingDrain(int nodes) =>
        from node in Enumerable.Range(0, nodes)
        from disturbance in new[]
        {
            new Disturbance(60 + (10 * node), DisturbanceKind.Drain, node),
            new Disturbance(69 + (10 * node), DisturbanceKind.Activate, node),
        }
        select disturbance;
}
