namespace FnLb.Core.Telemetry;

/// <summary>The sum of some histograms at a moment. One thread at a time.</summary>
public sealed class LatencySnapshot
{
    private readonly long[] _counts = new long[LatencyHistogram.Buckets];
    private long _nanoseconds;

    public long Count { get; private set; }

    public double SumSeconds => _nanoseconds / 1e9;

    /// <summary>How many durations were at most as long.</summary>
    /// <param name="microseconds">Exact for powers of two; else up to the end of the bucket it falls into.</param>
    public long CountUpTo(long microseconds)
    {
        long count = 0;
        for (int bucket = 0; bucket < _counts.Length && LatencyHistogram.EndOf(bucket) <= microseconds; bucket++)
        {
            count += _counts[bucket];
        }

        return count;
    }

    /// <summary>The duration that a share of all does not exceed, in seconds; 0 when there is none.</summary>
    /// <param name="share">0 to 1: 0.99 for p99.</param>
    /// <returns>Not below the true value, and above it by at most a sixteenth or a microsecond.</returns>
    public double Quantile(double share)
    {
        long wanted = long.Max((long)Math.Ceiling(share * Count), 1);
        long seen = 0;
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted)
            {
                return LatencyHistogram.EndOf(bucket) / 1e6;
            }
        }

        return 0;
    }

    /// <summary>What was counted since an earlier snapshot of the same histograms.</summary>
    /// <remarks>A histogram may have left the sum since, with its node: no bucket falls below 0.</remarks>
    public LatencySnapshot Since(LatencySnapshot earlier)
    {
        LatencySnapshot difference = new();
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            difference.Add(bucket, long.Max(_counts[bucket] - earlier._counts[bucket], 0));
        }

        difference.AddDurations(long.Max(_nanoseconds - earlier._nanoseconds, 0));
        return difference;
    }

    internal void Add(int bucket, long count)
    {
        _counts[bucket] += count;
        Count += count;
    }

    internal void AddDurations(long nanoseconds) => _nanoseconds += nanoseconds;
}
