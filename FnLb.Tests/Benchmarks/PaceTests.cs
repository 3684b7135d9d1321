using FnLb.Benchmarks.Drive;
using NUnit.Framework;

namespace FnLb.Tests.Benchmarks;

/// <summary>When the calls of an open loop are due.</summary>
public sealed class PaceTests
{
    [Test]
    public void Constant_gaps_do_not_drift_over_a_million_calls()
    {
        Pace pace = new(callsPerSecond: 30_000, firstNanoseconds: 1_000_000, ArrivalKind.Constant, seed: 1);
        for (int call = 0; call < 1_000_000; call++)
        {
            pace.Advance();
        }

        double expected = 1_000_000 + (1_000_000 * 1e9 / 30_000);
        Assert.That(pace.NextNanoseconds, Is.EqualTo(expected).Within(1000));
    }

    [Test]
    public void Poisson_arrivals_keep_the_rate_and_vary_as_exponential_gaps_do()
    {
        const int calls = 100_000;
        Pace pace = new(callsPerSecond: 1000, firstNanoseconds: 0, ArrivalKind.Poisson, seed: 7);
        double[] gaps = new double[calls];
        long last = pace.NextNanoseconds;
        for (int call = 0; call < calls; call++)
        {
            pace.Advance();
            gaps[call] = pace.NextNanoseconds - last;
            last = pace.NextNanoseconds;
        }

        double mean = gaps.Average();
        double deviation = Math.Sqrt(gaps.Average(gap => (gap - mean) * (gap - mean)));
        Assert.That(mean, Is.EqualTo(1e6).Within(2).Percent);
        Assert.That(deviation / mean, Is.EqualTo(1).Within(0.03), "the deviation of an exponential is its mean");
    }
}
