namespace FnLb.Benchmarks.Drive;

/// <summary>One part of a step.</summary>
internal sealed class IntervalTally
{
    /// <summary>Of the calls that were due in it, with those that were given up.</summary>
    public LatencyCounts Latencies { get; } = new();

    /// <summary>Answers that came in it, whenever their calls were due.</summary>
    public long Arrivals { get; set; }

    /// <summary>Of the calls that were due in it.</summary>
    public long Errors { get; set; }
}
