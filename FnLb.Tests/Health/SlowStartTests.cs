using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Health;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SlowStartTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly NodeDirectory _directory = new();
    private readonly List<double[]?> _published = [];
    private bool _isSettled = true;
    private SlowStart? _slowStart;

    [TearDown]
    public void Stop() => _slowStart?.Dispose();

    [Test]
    public void The_weight_of_a_node_that_comes_rises_in_ten_steps()
    {
        Node[] nodes = Start(Duration, Entries.Of("a:1"), Entries.Of("b:1") with { Weight = 2 });

        Come(nodes[1]);
        Advance(Duration * 1.1);

        double[] second = [.. _published.Select(weights => Math.Round(weights is null ? 2 : weights[1], 3))];
        Assert.That(second, Is.EqualTo((double[])[0.2, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.6, 1.8, 2]));
        Assert.That(_published.SkipLast(1).Select(weights => weights![0]), Is.All.EqualTo(1));
        Assert.That(_published[^1], Is.Null, "the nodes' own weights in the end");
        Assert.That(_slowStart!.PartOf(nodes[1]), Is.EqualTo(1));
    }

    [Test]
    public void Nodes_that_come_a_moment_apart_weigh_alike()
    {
        Node[] nodes = Start(Duration, Entries.Of("a:1"), Entries.Of("b:1"), Entries.Of("c:1"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Come(nodes[1]);
        _time.Advance(TimeSpan.FromSeconds(1));
        Come(nodes[2]);
        _published.RemoveAt(0);

        Advance(Duration * 1.1);

        Assert.That(_published.OfType<double[]>().Count(), Is.GreaterThan(8));
        Assert.That(_published.OfType<double[]>().Select(weights => weights[1] - weights[2]), Is.All.Zero);
    }

    [Test]
    public void The_first_health_round_and_a_short_absence_and_the_only_node_change_no_weight()
    {
        Node[] nodes = Start(Duration, Entries.Of("a:1"), Entries.Of("b:1"));
        _isSettled = false;
        Come(nodes[1]);
        _isSettled = true;
        _directory.ReportReturning(nodes[1], TimeSpan.FromSeconds(1.9));
        nodes[0].Operational = OperationalState.Offline;
        nodes[1].Operational = OperationalState.Offline;
        Come(nodes[1]);

        Assert.That(_published, Is.Empty);
    }

    [Test]
    public void Zero_turns_it_off()
    {
        Node[] nodes = Start(TimeSpan.Zero, Entries.Of("a:1"), Entries.Of("b:1"));

        Come(nodes[1]);

        Assert.That((_published.Count, _slowStart!.PartOf(nodes[1])), Is.EqualTo((0, 1.0)));
    }

    [Test]
    public void A_node_that_is_made_active_again_rises_and_one_that_leaves_is_forgotten()
    {
        Node[] nodes = Start(
            Duration, Entries.Of("a:1"), Entries.Of("b:1") with { State = AdministrativeState.Draining });
        nodes[1].Operational = OperationalState.Online;

        _directory.Apply([Entries.Of("a:1"), Entries.Of("b:1")]);
        double[]? rising = _published[^1];
        _directory.Apply([Entries.Of("a:1")]);

        Assert.That(rising, Is.EqualTo((double[])[1, 0.1]));
        Assert.That(_published[^1], Is.Null);
    }

    private void Come(Node node)
    {
        _directory.ReportReturning(node, TimeSpan.MaxValue);
        node.Operational = OperationalState.Online;
    }

    private void Advance(TimeSpan duration)
    {
        const int parts = 300;
        for (int i = 0; i < parts; i++)
        {
            _time.Advance(duration / parts);
        }
    }

    private Node[] Start(TimeSpan duration, params NodeEntry[] entries)
    {
        _directory.Apply(entries);
        _directory.Nodes[0].Operational = OperationalState.Online;
        _slowStart = new SlowStart(
            _directory, duration, () => _isSettled, (_, weights) => _published.Add(weights?.ToArray()), _time);
        return [.. _directory.Nodes];
    }
}
