using System.Diagnostics;
using FnLb.Core.Telemetry;
using NUnit.Framework;

namespace FnLb.Tests.Telemetry;

public sealed class FunctionMeterTests
{
    private const int Nodes = 1_000;

    private static readonly NodeMeter[] Meters =
        [.. Enumerable.Range(0, Nodes).Select(i => new NodeMeter($"10.0.0.{i}:80"))];

    [Test]
    public void Each_node_has_its_tally_until_nothing_was_answered_there_for_a_while([Values(8, 9, Nodes)] int count)
    {
        FunctionMeter function = new("/f");
        NodeMeter[] nodes = Meters[..count];
        CallTally[] tallies = [.. nodes.Select(function.Add)];
        Assert.That(nodes.Select(function.Find), Is.EqualTo(tallies));
        Assert.That((function.Tallies, function.Find(new NodeMeter("other:1"))), Is.EqualTo((count, (CallTally?)null)));

        NodeMeter[] used = [.. nodes.Where((_, index) => index % 3 == 1)];
        foreach (NodeMeter node in used)
        {
            CallTally tally = function.Find(node)!;
            tally.Add(default(CallRecord) with { Node = node }, second: 5);
            _ = tally.Take();
        }

        function.Forget(sinceSecond: 5);
        Assert.That(nodes.Where(node => function.Find(node) is not null), Is.EqualTo(used));
        Assert.That(function.Tallies, Is.EqualTo(used.Length));
        function.Forget(sinceSecond: 6);
        Assert.That(function.Tallies, Is.Zero);
    }

    /// <summary>Looking through the nodes one by one would take a hundred times as long, not a few.</summary>
    [Test]
    public void A_call_at_one_of_many_nodes_is_counted_about_as_fast_as_at_one_of_few()
    {
        FunctionMeter few = new("/few");
        FunctionMeter many = new("/many");
        NodeMeter[] fewNodes = [.. Meters.Select((_, i) => Meters[i % 8])];
        Array.ForEach(Meters[..8], node => few.Add(node));
        Array.ForEach(Meters, node => many.Add(node));

        Assert.That(ShortestRound(many, Meters), Is.LessThan(20 * ShortestRound(few, fewNodes)));
    }

    private static TimeSpan ShortestRound(FunctionMeter function, NodeMeter[] nodes)
    {
        TimeSpan shortest = TimeSpan.MaxValue;
        for (int round = 0; round < 50; round++)
        {
            long start = Stopwatch.GetTimestamp();
            int found = 0;
            foreach (NodeMeter node in nodes)
            {
                found += function.Find(node) is null ? 0 : 1;
            }

            TimeSpan took = Stopwatch.GetElapsedTime(start);
            shortest = took < shortest ? took : shortest;
            Assert.That(found, Is.EqualTo(Nodes));
        }

        return shortest;
    }
}
