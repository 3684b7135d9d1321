using System.Numerics;

namespace FnLb.Benchmarks.Drive;

/// <summary>Latencies in log-linear buckets of nanoseconds: 64 equal steps for each doubling.</summary>
/// <remarks>
/// A value is known to 0.8 %, four times as closely as the balancer itself keeps it: two balancers are compared by
/// these, and a ratio of 0.9 must not be a matter of buckets. What is longer than 18 minutes counts as that.
/// One thread at a time.
/// </remarks>
internal sealed class LatencyCounts
{
    private const int StepBits = 6;
    private const int Steps = 1 << StepBits;
    private const long NanosecondsMax = (1L << 40) - 1;

    private readonly long[] _counts = new long[BucketOf(NanosecondsMax) + 1];
    private double _sumNanoseconds;
    private long _maxNanoseconds;

    public long Count { get; private set; }

    /// <summary>Exact; null when nothing was recorded.</summary>
    public double? MaxMilliseconds => Count == 0 ? null : _maxNanoseconds / 1e6;

    /// <inheritdoc cref="MaxMilliseconds"/>
    public double? MeanMilliseconds => Count == 0 ? null : _sumNanoseconds / Count / 1e6;

    /// <summary>Counts a latency; a negative one counts as 0.</summary>
    public void Record(long nanoseconds)
    {
        long value = long.Clamp(nanoseconds, 0, NanosecondsMax);
        _counts[BucketOf(value)]++;
        _sumNanoseconds += value;
        Count++;
        _maxNanoseconds = long.Max(_maxNanoseconds, value);
    }

    public void Add(LatencyCounts other)
    {
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            _counts[bucket] += other._counts[bucket];
        }

        _sumNanoseconds += other._sumNanoseconds;
        Count += other.Count;
        _maxNanoseconds = long.Max(_maxNanoseconds, other._maxNanoseconds);
    }

    /// <summary>The latency that a share of all does not exceed; null when there is none.</summary>
    /// <param name="share">0 to 1: 0.99 for p99.</param>
    /// <returns>The middle of its bucket, and never above the largest that was recorded.</returns>
    public double? QuantileMilliseconds(double share)
    {
        long wanted = long.Max((long)Math.Ceiling(share * Count), 1);
        long seen = 0;
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted)
            {
                return double.Min(MiddleOf(bucket), _maxNanoseconds) / 1e6;
            }
        }

        return null;
    }

    private static int BucketOf(long value)
    {
        int shift = int.Max(BitOperations.Log2((ulong)value | 1) - StepBits, 0);
        return (shift << StepBits) + (int)(value >> shift);
    }

    private static double MiddleOf(int bucket)
    {
        int shift = int.Max((bucket >> StepBits) - 1, 0);
        long first = bucket < 2 * Steps ? bucket : (long)(Steps + (bucket & (Steps - 1))) << shift;
        return first + (((1L << shift) - 1) / 2.0);
    }
}
