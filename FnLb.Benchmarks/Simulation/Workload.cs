namespace FnLb.Benchmarks.Simulation;

/// <summary>
/// How long functions run and start. Means of the functions spread evenly over the orders of magnitude.
/// </summary>
internal sealed record Workload(
    string Name, double RunMillisecondsMin, double RunMillisecondsMax, double ColdMillisecondsMin,
        double ColdMillisecondsMax)
{
    /// <summary>Calls run longer than a container takes to start, as most functions of public clouds do.</summary>
    public static readonly Workload Common = new("common", 200, 2000, 300, 600);

    /// <summary>A container takes longer to start than most calls run.</summary>
    public static readonly Workload SlowStarts = new("slow starts", 100, 1000, 300, 2000);

    /// <summary>A container takes ten times as long to start as a call runs.</summary>
    public static readonly Workload ShortCalls = new("short calls", 20, 200, 300, 2000);
}
