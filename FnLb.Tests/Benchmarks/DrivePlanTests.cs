using FnLb.Benchmarks.Drive;
using NUnit.Framework;

namespace FnLb.Tests.Benchmarks;

/// <summary>What threads draw their numbers by.</summary>
public sealed class DrivePlanTests
{
    [Test]
    public void No_thread_draws_routes_or_gaps_by_the_numbers_of_another_draw(
        [Values(0, 1, int.MaxValue - 1024)] int seed)
    {
        DrivePlan plan = new() { Targets = [], Seed = seed };
        int[] seeds = [.. Enumerable.Range(0, 1024).SelectMany(
            thread => (int[])[plan.RouteSeed(thread), plan.GapSeed(thread)])];
        Assert.That(seeds, Is.Unique.And.All.GreaterThanOrEqualTo(0), "a negative one draws as its positive does");
    }
}
