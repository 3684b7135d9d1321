namespace FnLb.Benchmarks.Simulation;

/// <summary>
/// Which functions are called how often, how long they run and start, and what room there is for their containers.
/// Mean times of the functions spread evenly over the orders of magnitude between two limits.
/// </summary>
internal sealed record Workload(string Name)
{
    /// <summary>
    /// Short calls beside long ones, most of them shorter than a container takes to start; on each node as many idle
    /// containers as calls that run, since memory is rarely as scarce as processors.
    /// </summary>
    public static readonly Workload Common = new("common");

    /// <summary>Every container has a slot of its own, idle or not; calls run about as long as a start takes.</summary>
    public static readonly Workload Tight = new("tight memory")
    {
        RunMillisecondsMin = 200,
        RunMillisecondsMax = 2_000,
        ColdMillisecondsMax = 600,
        IdleTimeoutSeconds = 30,
        EvictAfterIdleSeconds = 1,
        ContainersPerSlot = 1,
    };

    /// <summary>A start takes twenty times as long as a call; memory for four times as many containers.</summary>
    public static readonly Workload ShortCalls = new("short calls") { RunMillisecondsMax = 100, ContainersPerSlot = 4 };

    public double RunMillisecondsMin { get; init; } = 10;

    public double RunMillisecondsMax { get; init; } = 1_000;

    public double ColdMillisecondsMin { get; init; } = 300;

    public double ColdMillisecondsMax { get; init; } = 2_000;

    /// <summary>
    /// The function of popularity rank r gets a share of the calls proportional to r to the minus this.
    /// </summary>
    public double ZipfExponent { get; init; } = 1;

    /// <summary>How long an idle container is kept when nothing else wants its place.</summary>
    public double IdleTimeoutSeconds { get; init; } = 300;

    /// <summary>Idle for so long, a container makes room for another function, the longest idle first.</summary>
    public double EvictAfterIdleSeconds { get; init; }

    /// <summary>Containers that a node has memory for, for each that may run or start at once; 1 or more.</summary>
    public int ContainersPerSlot { get; init; } = 2;
}
