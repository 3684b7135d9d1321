using FnLb.Core.Nodes;
using FnLb.Core.Transport;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Nodes;

public sealed class NodeDirectoryTests
{
    [Test]
    public void A_node_that_stays_keeps_its_object_and_so_its_state()
    {
        NodeDirectory directory = new();
        directory.Apply([Entries.Of("a:1"), Entries.Of("b:1")]);
        Node stays = directory.Nodes[1];
        stays.Operational = OperationalState.Online;

        directory.Apply([Entries.Of("c:1"), Entries.Of("b:1")]);

        Assert.That(directory.Nodes.Select(node => node.Address.Text), Is.EqualTo((string[])["b:1", "c:1"]));
        Assert.That(directory.Nodes[0], Is.SameAs(stays));
    }

    [Test]
    public void Nodes_are_in_the_order_of_their_texts_and_each_once()
    {
        NodeDirectory directory = new();

        directory.Apply([Entries.Of("b:1"), Entries.Of("a:2"), Entries.Of("B:1"), Entries.Of("a:10")]);

        Assert.That(directory.Nodes.Select(node => node.Address.Text), Is.EqualTo((string[])["a:10", "a:2", "b:1"]));
    }

    [Test]
    public void Only_a_change_is_announced()
    {
        NodeDirectory directory = new();
        List<int> announced = [];
        directory.MembershipChanged += nodes => announced.Add(nodes.Count);

        NodeEntry[] one = [Entries.Of("a:1")];
        bool[] changed = [directory.Apply(one), directory.Apply(one), directory.Apply([])];

        Assert.That(changed, Is.EqualTo((bool[])[true, false, true]));
        Assert.That(announced, Is.EqualTo((int[])[1, 0]));
    }

    [Test]
    public void The_administrative_state_follows_the_store()
    {
        NodeDirectory directory = new();
        directory.Apply([Entries.Of("a:1")]);
        directory.Nodes[0].Operational = OperationalState.Online;

        directory.Apply([Entries.Of("a:1") with { State = AdministrativeState.Draining }]);

        Assert.That(directory.Nodes[0].IsPlaceable, Is.False);
    }

    [Test]
    public void A_call_that_could_not_connect_is_told_to_who_judges_nodes()
    {
        NodeDirectory directory = new();
        directory.Apply([Entries.Of("a:1")]);
        Node node = directory.Nodes[0];
        List<Node> failed = [];
        directory.ConnectFailed += failed.Add;

        directory.ReportConnectFailure(node);

        Assert.That(failed, Is.EqualTo((Node[])[node]));
    }

    [TestCase(AdministrativeState.Active, 5)]
    [TestCase(AdministrativeState.Draining, -1)]
    public void A_node_that_was_drained_returns_with_the_time_it_drained(AdministrativeState first, int seconds)
    {
        FakeTimeProvider time = new();
        NodeDirectory directory = new(time);
        directory.Apply([Entries.Of("a:1") with { State = first }]);
        directory.Nodes[0].Operational = OperationalState.Online;
        List<TimeSpan> returned = [];
        directory.Returning += (_, outFor) => returned.Add(outFor);

        directory.Apply([Entries.Of("a:1") with { State = AdministrativeState.Draining }]);
        time.Advance(TimeSpan.FromSeconds(5));
        directory.Apply([Entries.Of("a:1")]);

        TimeSpan expected = seconds < 0 ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds);
        Assert.That(returned, Is.EqualTo((TimeSpan[])[expected]));
    }

    [Test]
    public void A_state_that_another_thread_changed_meanwhile_is_left_alone()
    {
        Node node = new(Entries.Of("a:1").Address) { Operational = OperationalState.Offline };

        bool hasChanged = node.TryChange(OperationalState.Online, OperationalState.Ejected);

        Assert.That((hasChanged, node.Operational), Is.EqualTo((false, OperationalState.Offline)));
    }

    [Test]
    public void A_step_of_a_slow_start_is_no_change_of_the_membership()
    {
        NodeDirectory directory = new();
        directory.Apply([Entries.Of("a:1")]);
        List<IReadOnlyList<Node>> membership = [];
        List<IReadOnlyList<Node>> weights = [];
        directory.MembershipChanged += membership.Add;
        directory.WeightsChanged += weights.Add;

        directory.AnnounceWeights();

        Assert.That(membership, Is.Empty);
        Assert.That(weights, Is.EqualTo((IReadOnlyList<Node>[])[directory.Nodes]));
    }

    [Test]
    public void A_weight_that_changed_is_announced_and_the_node_keeps_its_object()
    {
        NodeDirectory directory = new();
        directory.Apply([Entries.Of("a:1")]);
        Node node = directory.Nodes[0];
        int announced = 0;
        directory.MembershipChanged += _ => announced++;

        bool hasChanged = directory.Apply([Entries.Of("a:1") with { Weight = 2 }]);

        Assert.That((hasChanged, announced, node.Weight), Is.EqualTo((true, 1, 2.0)));
        Assert.That(directory.Nodes[0], Is.SameAs(node));
    }

    [Test]
    public void A_call_that_an_event_loop_sent_just_before_another_was_lost_went_down_with_it()
    {
        NodeDirectory directory = new();
        directory.Apply(Enumerable.Range(1, 100).Select(i => Entries.Of($"a:{i}")).ToArray());

        foreach (Node node in directory.Nodes)
        {
            long sentNanoseconds = EventLoop.ReadNanoseconds();

            Assert.That(directory.ReportLostConnection(node, sentNanoseconds), Is.False, "the first");
            Assert.That(directory.ReportLostConnection(node, sentNanoseconds), Is.True, "the second");
        }
    }
}
