using FnLb.Benchmarks.Drive;
using NUnit.Framework;

namespace FnLb.Tests.Benchmarks;

/// <summary>Percentiles against those of the sorted values.</summary>
public sealed class LatencyCountsTests
{
    [Test]
    public void Every_percentile_is_within_one_percent_of_that_of_the_sorted_values()
    {
        Random random = new(5);
        long[] values = [.. Enumerable.Range(0, 20_000).Select(_ => (long)Math.Exp(9 + (9 * random.NextDouble())))];
        LatencyCounts counts = new();
        Array.ForEach(values, counts.Record);
        Array.Sort(values);

        foreach (double percentile in Percentiles.Curve)
        {
            int rank = int.Max((int)Math.Ceiling(percentile / 100 * values.Length), 1);
            double expected = values[rank - 1] / 1e6;
            double? found = counts.QuantileMilliseconds(percentile / 100);
            Assert.That(found, Is.EqualTo(expected).Within(1).Percent, $"p{percentile}");
        }

        Assert.That(counts.MeanMilliseconds, Is.EqualTo(values.Average() / 1e6).Within(1e-6));
        Assert.That(counts.MaxMilliseconds, Is.EqualTo(values[^1] / 1e6));
    }

    [Test]
    public void A_sum_of_two_has_the_percentiles_of_all_their_values()
    {
        LatencyCounts fast = new();
        LatencyCounts slow = new();
        for (int call = 0; call < 98; call++)
        {
            fast.Record(1_000_000);
        }

        slow.Record(50_000_000);
        slow.Record(70_000_000);
        fast.Add(slow);

        Assert.That(fast.Count, Is.EqualTo(100));
        Assert.That(fast.QuantileMilliseconds(0.98), Is.EqualTo(1).Within(1).Percent);
        Assert.That(fast.QuantileMilliseconds(0.99), Is.EqualTo(50).Within(1).Percent);
        Assert.That(fast.QuantileMilliseconds(1), Is.EqualTo(70).Within(1).Percent);
    }

    [Test]
    public void None_has_no_percentile_and_times_out_of_range_count_at_the_ends()
    {
        LatencyCounts counts = new();
        Assert.That(counts.QuantileMilliseconds(0.99), Is.Null);
        Assert.That(counts.MeanMilliseconds, Is.Null);
        Assert.That(counts.MaxMilliseconds, Is.Null);

        counts.Record(-5);
        counts.Record(long.MaxValue);

        Assert.That(counts.QuantileMilliseconds(0), Is.Zero);
        Assert.That(counts.QuantileMilliseconds(1), Is.GreaterThan(1_000_000));
    }
}
