using System.Numerics;
using System.Runtime.CompilerServices;

namespace FnLb.Core.Telemetry;

/// <summary>Durations in log-linear buckets: one writer, any number of readers, no lock.</summary>
/// <remarks>
/// Sixteen equal steps for each doubling, as in HdrHistogram: whatever the scale, a value is known to a sixteenth. Up
/// to 16 us it is exact to the microsecond; what is longer than 71 minutes counts as that. One increment a value. The
/// steps of a doubling are made when the first value falls there: each loop has one histogram for each node, and the
/// calls of a node seldom spread over more than six doublings, 1.2 KB of the 4.7 that all take. A sketch that merges
/// centroids (t-digest) would be smaller, but costs a search and cannot be summed exactly.
/// </remarks>
public sealed class LatencyHistogram
{
    /// <summary>The last bucket holds everything from here on.</summary>
    public const long MicrosecondsMax = (1L << 32) - 1;

    private const int StepBits = 4;
    private const int Steps = 1 << StepBits;

    private readonly long[]?[] _doublings = new long[Buckets / Steps][];
    private long _nanoseconds;

    /// <summary>How many there are.</summary>
    public static int Buckets { get; } = BucketOf(MicrosecondsMax) + 1;

    /// <summary>Counts a duration; on the writer's thread. A negative one counts as 0.</summary>
    public void Record(long nanoseconds) => Record(nanoseconds, PlaceOf(nanoseconds));

    /// <summary>The same, with what <see cref="PlaceOf"/> says of the duration: one search for several
    /// histograms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Record(long nanoseconds, int place)
    {
        _nanoseconds += long.Max(nanoseconds, 0);
        (_doublings[place >> StepBits] ?? Make(place >> StepBits))[place & (Steps - 1)]++;
    }

    /// <summary>Where a duration is counted.</summary>
    /// <remarks>A bucket ends with its upper limit, as those of Prometheus do.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PlaceOf(long nanoseconds) => BucketOf((nanoseconds - 1) / 1000);

    /// <summary>Adds all that was counted so far to a sum. Any thread.</summary>
    public void AddTo(LatencySnapshot sum)
    {
        // The sum of the durations last: it may then be ahead of the counts by what comes in meanwhile, never behind.
        for (int doubling = 0; doubling < _doublings.Length; doubling++)
        {
            if (Volatile.Read(ref _doublings[doubling]) is not { } counts)
            {
                continue;
            }

            for (int step = 0; step < Steps; step++)
            {
                sum.Add((doubling << StepBits) + step, Volatile.Read(ref counts[step]));
            }
        }

        sum.AddDurations(Volatile.Read(ref _nanoseconds));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long[] Make(int doubling)
    {
        long[] counts = new long[Steps];
        Volatile.Write(ref _doublings[doubling], counts);
        return counts;
    }

    /// <summary>The bucket of a duration in whole microseconds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int BucketOf(long microseconds)
    {
        long value = long.Clamp(microseconds, 0, MicrosecondsMax);
        int shift = int.Max(BitOperations.Log2((ulong)value | 1) - StepBits, 0);
        return (shift << StepBits) + (int)(value >> shift);
    }

    /// <summary>Where a bucket ends, and the next begins, in microseconds.</summary>
    internal static long EndOf(int bucket)
    {
        int shift = int.Max((bucket >> StepBits) - 1, 0);
        long first = bucket < 2 * Steps ? bucket : (long)(Steps + (bucket & (Steps - 1))) << shift;
        return first + (1L << shift);
    }
}
