using FnLb.Benchmarks.Drive;
using NUnit.Framework;

namespace FnLb.Tests.Benchmarks;

/// <summary>Which routes are called, and how often.</summary>
public sealed class RouteDrawTests
{
    private const int Draws = 1_000_000;

    [TestCase(1.1)]
    [TestCase(0.0)]
    [TestCase(2.0)]
    public void Each_route_is_called_in_proportion_to_its_rank_to_the_power(double exponent)
    {
        const int routes = 1000;
        int[] counts = Count(routes, exponent);
        double sum = Enumerable.Range(1, routes).Sum(rank => Math.Pow(rank, -exponent));

        foreach (int rank in (int[])[1, 2, 3, 10, 100, 1000])
        {
            double expected = Draws * Math.Pow(rank, -exponent) / sum;
            Assert.That(counts[rank], Is.EqualTo(expected).Within(5 * Math.Sqrt(expected) + 1), $"route {rank}");
        }
    }

    [Test]
    public void Numbers_stay_within_the_routes([Values(1, 2, 7)] int routes)
    {
        int[] counts = Count(routes, 1);

        Assert.That(counts[0], Is.Zero);
        Assert.That(counts[1..].Sum(), Is.EqualTo(Draws));
        Assert.That(counts[1..], Is.All.Positive);
    }

    private static int[] Count(int routes, double exponent)
    {
        RouteDraw draw = new(routes, exponent, seed: 3);
        int[] counts = new int[routes + 1];
        for (int call = 0; call < Draws; call++)
        {
            counts[draw.Next()]++;
        }

        return counts;
    }
}
