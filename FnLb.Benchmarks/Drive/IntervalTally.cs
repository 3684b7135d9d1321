namespace FnLb.Benchmarks.Drive;

/// <summary>The calls that were due in one part of a step.</summary>
internal sealed class IntervalTally
{
    public LatencyCounts Latencies { get; } = new();

    public long Errors { get; set; }
}
