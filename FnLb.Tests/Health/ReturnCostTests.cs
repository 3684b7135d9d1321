using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Core.Routing;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Health;

/// <summary>When many nodes return, none may cost a look at all.</summary>
public sealed class ReturnCostTests
{
    [Test]
    public void The_return_of_a_node_costs_the_same_among_many_as_among_few()
    {
        double few = MicrosecondsAmong(200);
        double many = MicrosecondsAmong(10_000);

        // 50 times as many nodes.
        Assert.That(many, Is.LessThan(10 * few));
    }

    /// <returns>What the return of 20 nodes costs, when the last of all serves and all others are out.</returns>
    private static double MicrosecondsAmong(int count)
    {
        const int nodesEach = 20;
        FakeTimeProvider time = new();
        NodeDirectory directory = new(time);
        directory.Apply([.. Enumerable.Range(0, count).Select(index => Entries.Of($"n{index}:1"))]);
        _ = new Router(directory);
        using SlowStart slowStart = new(directory, TimeSpan.FromSeconds(30), () => true, time);
        directory.Nodes[^1].Operational = OperationalState.Online;

        // The first is announced at once: only that of the others is to be held against the number of nodes.
        directory.ReportReturning(directory.Nodes[0], TimeSpan.MaxValue);

        // The quickest of many rounds: what else the machine does only ever adds.
        TimeSpan best = TimeSpan.MaxValue;
        for (int first = count - nodesEach - 1; first >= count - 180; first -= nodesEach)
        {
            long started = TimeProvider.System.GetTimestamp();
            foreach (Node node in directory.Nodes.Skip(first).Take(nodesEach))
            {
                directory.ReportReturning(node, TimeSpan.MaxValue);
            }

            TimeSpan taken = TimeProvider.System.GetElapsedTime(started);
            best = taken < best ? taken : best;
        }

        return best.TotalMicroseconds;
    }
}
