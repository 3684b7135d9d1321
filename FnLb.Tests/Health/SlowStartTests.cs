using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Core.Routing;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Health;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SlowStartTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly NodeDirectory _directory;
    private readonly List<double[]> _published = [];
    private bool _isSettled = true;
    private SlowStart? _slowStart;

    public SlowStartTests()
    {
        _directory = new NodeDirectory(_time);
    }

    [TearDown]
    public void Stop() => _slowStart?.Dispose();

    [Test]
    public void The_weight_of_a_node_that_comes_rises_in_ten_steps()
    {
        Node[] nodes = Start(Duration, Entries.Of("a:1"), Entries.Of("b:1") with { Weight = 2 });

        Come(nodes[1]);
        Advance(Duration * 1.1);

        double[] second = [.. _published.Select(weights => Math.Round(weights[1], 3))];
        Assert.That(second, Is.EqualTo((double[])[0.2, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.6, 1.8, 2]));
        Assert.That(_published.Select(weights => weights[0]), Is.All.EqualTo(1));
        Assert.That(nodes[1].StartShare, Is.EqualTo(1));
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

        Assert.That(_published, Has.Count.GreaterThan(8));
        Assert.That(_published.Select(weights => weights[1] - weights[2]), Is.All.Zero);
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

        Assert.That((_published.Count, nodes[1].StartShare), Is.EqualTo((0, 1.0)));
    }

    [Test]
    public void A_node_that_is_made_active_again_rises_and_one_that_leaves_is_forgotten()
    {
        Node[] nodes = Start(
            Duration, Entries.Of("a:1"), Entries.Of("b:1") with { State = AdministrativeState.Draining });
        nodes[1].Operational = OperationalState.Online;

        _directory.Apply([Entries.Of("a:1"), Entries.Of("b:1")]);
        double[] rising = _published[^1];
        _directory.Apply([Entries.Of("a:1")]);
        _published.Clear();
        Advance(Duration * 1.1);

        Assert.That(rising, Is.EqualTo((double[])[1, 0.1]));
        Assert.That(_published, Is.EqualTo((double[][])[[1]]), "the next step finds that it left, and is the last");
    }

    [TestCase(1, false)]
    [TestCase(3, true)]
    public void A_node_that_drained_only_for_a_moment_has_its_containers_still(int seconds, bool isRising)
    {
        Node[] nodes = Start(Duration, Entries.Of("a:1"), Entries.Of("b:1"));
        nodes[1].Operational = OperationalState.Online;
        _directory.Apply([Entries.Of("a:1"), Entries.Of("b:1") with { State = AdministrativeState.Draining }]);
        _time.Advance(TimeSpan.FromSeconds(seconds));

        _directory.Apply([Entries.Of("a:1"), Entries.Of("b:1")]);

        Assert.That(nodes[1].StartShare < 1, Is.EqualTo(isRising));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_node_that_lost_calls_when_it_went_has_lost_its_containers_however_soon_it_is_back(bool answersFirst)
    {
        Node[] nodes = Start(Duration, Entries.Of("a:1"), Entries.Of("b:1"));
        _directory.ReportLostConnection(nodes[1], sentNanoseconds: 0);
        if (answersFirst)
        {
            _directory.ReportAnswer(nodes[1], 200, sentNanoseconds: long.MaxValue);
        }

        _directory.ReportReturning(nodes[1], TimeSpan.FromSeconds(0.5));

        Assert.That(nodes[1].StartShare < 1, Is.EqualTo(!answersFirst));
    }

    [Test]
    public void A_change_of_the_membership_never_shows_the_whole_weight_of_a_node_that_rises()
    {
        List<double> seen = [];
        Router router = new(_directory);
        _directory.MembershipChanged += _ => seen.Add(WeightOf(router.Ring, "b:1"));
        _directory.WeightsChanged += _ => seen.Add(WeightOf(router.Ring, "b:1"));
        Node[] nodes = Start(Duration, Entries.Of("a:1"), Entries.Of("b:1"));
        seen.Clear();

        Come(nodes[1]);
        _directory.Apply([Entries.Of("a:1"), Entries.Of("b:1"), Entries.Of("c:1")]);

        Assert.That(seen, Is.EqualTo((double[])[0.1, 0.1]));
    }

    [Test]
    public async Task A_step_at_the_time_of_a_change_of_the_membership_leaves_the_ring_that_of_the_members()
    {
        Router router = new(_directory);
        NodeEntry[] few = [Entries.Of("a:1"), Entries.Of("b:1")];
        NodeEntry[] more = [.. few, Entries.Of("c:1")];
        Node[] nodes = Start(Duration, few);
        for (int round = 0; round < 500; round++)
        {
            Come(nodes[1]);
            _time.Advance(Duration * 0.95);
            using Barrier both = new(2);
            Task step = Task.Run(() =>
            {
                both.SignalAndWait();
                _time.Advance(Duration * 0.2);
            });
            both.SignalAndWait();
            _directory.Apply(round % 2 == 0 ? more : few);
            await step;

            Assert.That(router.Ring.Nodes, Is.EqualTo(_directory.Nodes), $"round {round}");
            Assert.That(WeightOf(router.Ring, "b:1"), Is.EqualTo(1), $"round {round}");
        }
    }

    [Test]
    public void Nodes_that_come_together_are_announced_together_and_take_no_call_with_their_whole_weight()
    {
        Router router = new(_directory);
        Node[] nodes = Start(Duration, [.. Enumerable.Range(0, 100).Select(index => Entries.Of($"n{index}:1"))]);
        foreach (Node node in nodes[1..])
        {
            Come(node);
            AssertNoneIsWhole(router.Ring, nodes[0]);
        }

        int atOnce = nodes[1..].Count(node => node.IsPlaceable);
        _time.Advance(TimeSpan.FromMilliseconds(101));

        AssertNoneIsWhole(router.Ring, nodes[0]);
        Assert.That((atOnce, nodes.Count(node => node.IsPlaceable)), Is.EqualTo((1, nodes.Length)));
        Assert.That(_published, Has.Count.EqualTo(2), "the first at once, all others with one ring");
    }

    [Test]
    public void Nodes_that_come_one_after_the_other_are_announced_ten_times_a_second()
    {
        Node[] nodes = Start(Duration, [.. Enumerable.Range(0, 200).Select(index => Entries.Of($"n{index}:1"))]);
        foreach (Node node in nodes[1..])
        {
            Come(node);
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        _time.Advance(TimeSpan.FromMilliseconds(101));

        Assert.That(_published, Has.Count.InRange(19, 22));
        Assert.That(nodes.Count(node => node.IsPlaceable), Is.EqualTo(nodes.Length));
    }

    [Test]
    public void A_node_that_takes_calls_already_goes_on_with_its_weight_until_the_next_announcement()
    {
        Node[] nodes = Start(Duration, Entries.Of("a:1"), Entries.Of("b:1"), Entries.Of("c:1"));
        nodes[2].Operational = OperationalState.Online;
        Come(nodes[1]);

        Come(nodes[2]);

        Assert.That((nodes[2].IsPlaceable, _published.Count), Is.EqualTo((true, 1)));
        _time.Advance(TimeSpan.FromMilliseconds(101));
        Assert.That(_published[^1], Is.EqualTo((double[])[1, 0.1, 0.1]));
    }

    [Test]
    public void The_end_of_slow_starting_holds_no_node_back()
    {
        Node[] nodes = Start(Duration, Entries.Of("a:1"), Entries.Of("b:1"), Entries.Of("c:1"));
        Come(nodes[1]);
        Come(nodes[2]);
        bool wasHeld = nodes[2].IsHeld;

        _slowStart!.Dispose();

        Assert.That((wasHeld, nodes[2].IsPlaceable), Is.EqualTo((true, true)));
    }

    [Test]
    public void A_node_that_has_left_is_nobody_to_leave_the_keys_with()
    {
        Node[] nodes = Start(Duration, Entries.Of("a:1"), Entries.Of("b:1"), Entries.Of("c:1"));
        Come(nodes[2]);
        _directory.Apply([Entries.Of("b:1")]);

        Come(nodes[1]);

        Assert.That(nodes[1].StartShare, Is.EqualTo(1));
    }

    private static void AssertNoneIsWhole(NodeRing ring, Node whole)
    {
        for (int index = 0; index < ring.Count; index++)
        {
            Node node = ring.Nodes[index];
            Assert.That(!node.IsPlaceable || node == whole || ring.WeightOf(index) < 1, $"{node}");
        }
    }

    private static double WeightOf(NodeRing ring, string node)
    {
        int index = ring.Nodes.ToList().FindIndex(known => known.Address.Text == node);
        return index < 0 ? double.NaN : ring.WeightOf(index);
    }

    private void Come(Node node)
    {
        _directory.ReportReturning(node, TimeSpan.MaxValue);
        node.Operational = OperationalState.Online;
    }

    private void Record(IReadOnlyList<Node> members) => _published.Add([.. members.Select(node => node.RankWeight)]);

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
        _slowStart = new SlowStart(_directory, duration, () => _isSettled, _time);
        _directory.MembershipChanged += Record;
        _directory.WeightsChanged += Record;
        return [.. _directory.Nodes];
    }
}
