using CsCheck;
using FnLb.Core.Telemetry;
using NUnit.Framework;

namespace FnLb.Tests.Telemetry;

public sealed class LatencyHistogramTests
{
    [Test]
    public void Every_bucket_begins_where_the_one_before_ends()
    {
        long begin = 0;
        for (int bucket = 0; bucket < LatencyHistogram.Buckets; bucket++)
        {
            long end = LatencyHistogram.EndOf(bucket);
            Assert.That(LatencyHistogram.BucketOf(begin), Is.EqualTo(bucket));
            Assert.That(LatencyHistogram.BucketOf(end - 1), Is.EqualTo(bucket));
            Assert.That(end - begin, Is.LessThanOrEqualTo(long.Max(begin / 16, 1)));
            begin = end;
        }

        Assert.That(begin, Is.GreaterThan(LatencyHistogram.MicrosecondsMax));
    }

    [Test]
    public void A_quantile_is_never_below_the_true_one_and_at_most_a_sixteenth_above_it() => Gen
        .Select(Gen.Long[0, 10_000_000_000].Array[1, 200], Gen.Double[0.01, 1])
        .Sample((durations, share) =>
        {
            double found = Recorded(durations).Quantile(share) * 1e9;
            long[] sorted = [.. durations.Order()];
            long rank = (long)Math.Ceiling(share * durations.Length);
            long exact = sorted[long.Max(rank, 1) - 1];
            return found >= exact - 1 && found <= (exact * 17.0 / 16) + 1000;
        });

    [Test]
    public void What_is_longer_than_the_last_bucket_counts_as_that_and_what_is_negative_as_0()
    {
        LatencySnapshot snapshot = Recorded([long.MaxValue, -5]);

        Assert.That(snapshot.Count, Is.EqualTo(2));
        Assert.That(snapshot.Quantile(1) * 1e6, Is.EqualTo(LatencyHistogram.MicrosecondsMax + 1).Within(1));
        Assert.That(snapshot.CountUpTo(1), Is.EqualTo(1));
    }

    [Test]
    public void A_difference_of_snapshots_holds_what_came_between()
    {
        LatencyHistogram histogram = new();
        histogram.Record(1_000_000);
        LatencySnapshot before = new();
        histogram.AddTo(before);
        histogram.Record(8_000_000);
        LatencySnapshot after = new();
        histogram.AddTo(after);

        LatencySnapshot between = after.Since(before);

        Assert.That((between.Count, between.SumSeconds), Is.EqualTo((1, 0.008)));
        Assert.That(between.Quantile(0.5), Is.EqualTo(0.008).Within(0.0005));
        Assert.That(before.Since(after).Count, Is.Zero, "a histogram that has left takes nothing away");
    }

    [Test]
    public void To_record_allocates_only_for_the_first_of_a_magnitude()
    {
        LatencyHistogram histogram = new();
        long before = GC.GetAllocatedBytesForCurrentThread();
        RecordMilliseconds(2, 63);
        long first = GC.GetAllocatedBytesForCurrentThread() - before;
        RecordMilliseconds(2, 63);
        long second = GC.GetAllocatedBytesForCurrentThread() - before - first;

        Assert.That(second, Is.Zero);
        Assert.That(first, Is.GreaterThan(0).And.LessThan(1000), "six doublings, sixteen counts each");

        void RecordMilliseconds(int from, int to)
        {
            for (int i = from; i <= to; i++)
            {
                histogram.Record(i * 1_000_000L);
            }
        }
    }

    private static LatencySnapshot Recorded(long[] durations)
    {
        LatencyHistogram histogram = new();
        foreach (long nanoseconds in durations)
        {
            histogram.Record(nanoseconds);
        }

        LatencySnapshot snapshot = new();
        histogram.AddTo(snapshot);
        return snapshot;
    }
}
