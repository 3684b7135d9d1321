using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Health;

/// <summary>Every check and every failing call asks who is out: none may look at all nodes.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OutlierCostTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly NodeDirectory _directory = new();
    private readonly RecordedLog _log = new();
    private OutlierDetector? _detector;

    [TearDown]
    public async Task Stop() => await (_detector?.DisposeAsync() ?? ValueTask.CompletedTask);

    [TestCase(0)]
    [TestCase(6)]
    public void A_check_costs_no_allocation_after_an_ejection_however_many_nodes_there_are(int secondsAfter)
    {
        Node[] nodes = Start(100);
        Eject(nodes[0]);
        _time.Advance(TimeSpan.FromSeconds(secondsAfter));
        _detector!.NoteCheck(nodes[1]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 1000; i++)
        {
            _detector.NoteCheck(nodes[1]);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [TestCase("check")]
    [TestCase("call that could not connect")]
    [TestCase("streak of failed calls")]
    public async Task What_happens_to_a_node_costs_the_same_among_many_as_among_few(string what)
    {
        double few = MicrosecondsAmong(20, what);
        await Stop();
        double many = MicrosecondsAmong(10_000, what);

        // 500 times as many nodes.
        Assert.That(many, Is.LessThan(10 * few));
    }

    /// <returns>What it costs a hundred times while a quarter of the nodes are ejected.</returns>
    private double MicrosecondsAmong(int count, string what)
    {
        const int rounds = 50;
        const int timesEach = 100;
        Node[] nodes = Start(count);
        foreach (Node node in nodes[^(count / 4)..])
        {
            Eject(node);
        }

        void CannotConnect()
        {
            _detector!.TakeOut(nodes[0]);
            nodes[0].Operational = OperationalState.Online;
        }

        Action happens = what switch
        {
            "check" => () => _detector!.NoteCheck(nodes[0]),
            "streak of failed calls" => () => Eject(nodes[^1]),
            _ => CannotConnect,
        };

        // The quickest of many rounds: what else the machine does only ever adds.
        TimeSpan best = TimeSpan.MaxValue;
        for (int round = 0; round < rounds; round++)
        {
            long started = TimeProvider.System.GetTimestamp();
            for (int time = 0; time < timesEach; time++)
            {
                happens();
            }

            TimeSpan taken = TimeProvider.System.GetElapsedTime(started);
            best = taken < best ? taken : best;
        }

        return best.TotalMicroseconds;
    }

    private Node[] Start(int count)
    {
        _directory.Apply([.. Enumerable.Range(0, count).Select(i => Entries.Of($"n{i}:1"))]);
        foreach (Node node in _directory.Nodes)
        {
            node.Operational = OperationalState.Online;
        }

        _detector = new OutlierDetector(_directory, new OutlierOptions(), _time, _log, _ => { });
        return [.. _directory.Nodes];
    }

    private void Eject(Node node) => _detector!.Judge(new Suspicion(node, TrafficFault.ConnectionLost, 5));
}
