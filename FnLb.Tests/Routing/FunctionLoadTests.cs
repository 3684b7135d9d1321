using System.Diagnostics;
using FnLb.Core.Routing;
using NUnit.Framework;

namespace FnLb.Tests.Routing;

public sealed class FunctionLoadTests
{
    private static readonly RouteKey Route = Cluster.Key("/r/app/f");

    /// <summary>Looking for each node among all that had a slot would take many times as long as sorting.</summary>
    [Test]
    public void A_layout_of_many_ranks_costs_little_more_than_their_order([Values] bool isNewRing)
    {
        const int nodes = 8_000;
        Cluster cluster = new(nodes);
        FunctionLoad function = new();
        Assert.That(function.TryAssign(Route), Is.True);
        Assert.That(function.TryLayOut(Route, cluster.Ring, nodes, out _), Is.True);
        int[] ranks = new int[nodes - 4];
        TimeSpan order = TimeSpan.MaxValue;
        TimeSpan layout = TimeSpan.MaxValue;
        for (int round = 0; round < 4; round++)
        {
            if (isNewRing)
            {
                cluster.Remove(cluster.Ring.Nodes[nodes / 2]);
            }

            NodeRing ring = cluster.Ring;
            long start = Stopwatch.GetTimestamp();
            ring.SelectRanks(Route, ranks);
            long sorted = Stopwatch.GetTimestamp();
            Assert.That(function.TryLayOut(Route, ring, nodes, out _), Is.True);
            long end = Stopwatch.GetTimestamp();
            order = Shorter(order, Stopwatch.GetElapsedTime(start, sorted));
            layout = Shorter(layout, Stopwatch.GetElapsedTime(sorted, end));
        }

        Assert.That(layout, Is.LessThan(6 * order));
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
