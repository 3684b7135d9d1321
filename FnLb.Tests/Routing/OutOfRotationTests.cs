using System.Diagnostics;
using FnLb.Core.Nodes;
using FnLb.Core.Routing;
using NUnit.Framework;

namespace FnLb.Tests.Routing;

/// <summary>Where calls go when nodes fail, leave or come.</summary>
public sealed class OutOfRotationTests
{
    private static readonly RouteKey Route = Cluster.Key("/r/app/f");

    [Test]
    public void The_next_in_rank_takes_the_calls_of_a_node_that_is_out([Values] bool isDraining)
    {
        Cluster cluster = new(8);
        Node[] order = cluster.Order(Route);
        foreach (Node node in order[..2])
        {
            node.Operational = isDraining ? OperationalState.Online : OperationalState.Offline;
            node.Administrative = isDraining ? AdministrativeState.Draining : AdministrativeState.Active;
        }

        Placement placement = cluster.Place(Route);

        Assert.That((placement.Node, placement.Reason), Is.EqualTo((order[2], PlacementReason.NextInRank)));
    }

    [Test]
    public void A_call_is_never_placed_where_it_was_tried()
    {
        Cluster cluster = new(4);
        Node[] order = cluster.Order(Route);
        for (int tried = 1; tried < 4; tried++)
        {
            Placement placement = cluster.Place(Route, order[..tried]);
            Assert.That((placement.Node, placement.Reason), Is.EqualTo((order[tried], PlacementReason.Retried)));
        }

        Assert.That(cluster.Place(Route, order).Reason, Is.EqualTo(PlacementReason.None));
    }

    /// <summary>Looking among those tried for every node would cost hundreds of times as much, not a few.</summary>
    [Test]
    public void A_call_that_was_tried_everywhere_looks_at_each_node_as_if_it_were_out()
    {
        const int nodes = 3_000;
        Cluster others = new(nodes);
        Cluster cluster = new(nodes);
        foreach (Node node in others.Order(Route)[..^1])
        {
            node.Operational = OperationalState.Offline;
        }

        TimeSpan amongOut = ShortestDecision(others, tried: null);
        TimeSpan amongTried = ShortestDecision(cluster, [.. cluster.Order(Route)[..^1]]);

        Assert.That(amongTried, Is.LessThan(30 * amongOut));
    }

    [Test]
    public void There_is_no_place_without_a_node([Values(0, 3)] int nodes)
    {
        Cluster cluster = new(nodes);
        foreach (Node node in cluster.Ring.Nodes)
        {
            node.Operational = OperationalState.Offline;
        }

        Placement placement = cluster.Place(Route);

        Assert.That((placement.Node, placement.Reason), Is.EqualTo(((Node?)null, PlacementReason.None)));
        Assert.That(cluster.Router.InFlight, Is.Zero);
        Assert.That(placement.Explain(), Is.Not.Empty);
    }

    [Test]
    public void An_idle_node_that_refuses_is_passed_over_twice_as_long_each_time()
    {
        Cluster cluster = new(8);
        Node home = cluster.Order(Route)[0];
        foreach (int penalty in new[] { 100, 200, 400, 800, 1600, 3200, 5000, 5000 })
        {
            cluster.Refuse(cluster.Place(Route));
            cluster.Now += penalty - 1;
            Placement early = cluster.Place(Route);
            cluster.Router.Release(early, CallOutcome.Aborted, -1, cluster.Now);
            cluster.Now++;
            Assert.That(early.Node, Is.Not.EqualTo(home), $"after {penalty - 1} ms");
        }

        Assert.That(cluster.Place(Route).Node, Is.EqualTo(home));
    }

    [Test]
    public void An_answer_ends_the_series_of_refusals()
    {
        Cluster cluster = new(8);
        cluster.Refuse(cluster.Place(Route));
        cluster.Now += 100;
        cluster.Refuse(cluster.Place(Route));
        cluster.Now += 200;
        cluster.Answer(cluster.Place(Route), waitMilliseconds: 0);
        cluster.Refuse(cluster.Place(Route));

        Assert.That(cluster.Router.Explain(Route, cluster.Now).Nodes[0].PenaltyMilliseconds, Is.EqualTo(100));
    }

    [Test]
    public void A_node_that_was_let_back_is_not_passed_over_for_what_failed_before()
    {
        Cluster cluster = new(8);
        Placement failed = cluster.Place(Route);
        cluster.Refuse(failed);
        Assert.That(cluster.Router.Explain(Route, cluster.Now).Nodes[0].PenaltyMilliseconds, Is.Positive);

        cluster.Directory.ReportReturning(failed.Node!, TimeSpan.FromSeconds(1));

        Assert.That(cluster.Place(Route).Node, Is.EqualTo(failed.Node));
    }

    [Test]
    public void A_node_that_refuses_because_it_is_full_is_not_passed_over()
    {
        Cluster cluster = new(2, Cluster.Roomy);
        Placement[] calls = [.. Enumerable.Range(0, 12).Select(_ => cluster.Place(Route))];

        cluster.Refuse(calls[^1]);

        RankedNode home = cluster.Router.Explain(Route, cluster.Now).Nodes[0];
        Assert.That((home.PenaltyMilliseconds, home.Limit), Is.EqualTo((0, 14.4)));
    }

    [Test]
    public void A_call_that_was_refused_is_not_offered_to_nodes_known_to_be_full()
    {
        Cluster cluster = new(3);
        Node[] order = cluster.Order(Route);
        Fill(cluster, order[1]);

        Assert.That(cluster.Place(Route, order[0]).Node, Is.EqualTo(order[2]));
        Assert.That(cluster.Place(Route, order[0], order[2]).Reason, Is.EqualTo(PlacementReason.None));

        cluster.Now += 1_000;
        Assert.That(cluster.Place(Route, order[0], order[2]).Node, Is.EqualTo(order[1]));
    }

    [Test]
    public void A_call_that_was_refused_is_offered_to_a_full_node_that_is_warm_for_it()
    {
        Cluster cluster = new(3);
        Node[] order = cluster.Order(Route);
        cluster.Answer(cluster.Place(Route, order[0], order[2]), waitMilliseconds: 0);
        Fill(cluster, order[1]);

        Assert.That(cluster.Place(Route, order[0]).Node, Is.EqualTo(order[1]));
    }

    [Test]
    public void A_refusal_of_more_calls_than_the_limit_says_nothing_about_fewer()
    {
        Cluster cluster = new(1);
        Placement[] calls = [.. Enumerable.Range(0, 20).Select(_ => cluster.Place(Route))];

        cluster.Refuse(calls[^1]);

        Assert.That(cluster.Router.Explain(Route, cluster.Now).Nodes[0].Limit, Is.EqualTo(8));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void While_all_are_full_and_containers_evicted_a_refused_call_stays_where_it_is_warm(bool isWarmElsewhere)
    {
        Cluster cluster = new(3);
        Node[] order = cluster.Order(Route);
        EvictContainers(cluster);
        if (isWarmElsewhere)
        {
            cluster.Answer(cluster.Place(Route, order[0], order[2]), waitMilliseconds: 0);
        }

        Placement[] last = [.. order.Select(node => PlaceMany(cluster, node))];
        Assert.That(cluster.Place(Route, order[0]).Node, Is.Not.Null, "it has not refused a call yet");
        cluster.Refuse(last[0]);

        Assert.That(cluster.Place(Route, order[0]).Node, Is.EqualTo(isWarmElsewhere ? order[1] : null));
    }

    [Test]
    public void When_every_node_was_passed_over_for_failing_calls_are_placed_all_the_same()
    {
        Cluster cluster = new(3);
        for (int node = 0; node < 3; node++)
        {
            cluster.Refuse(cluster.Place(Route));
        }

        Placement placement = cluster.Place(Route);

        Assert.That((placement.Reason, placement.Rank), Is.EqualTo((PlacementReason.AllOut, 0)));
    }

    [Test]
    public void What_is_known_of_the_other_nodes_survives_a_change_of_the_membership()
    {
        Cluster cluster = new(12);
        Node[] order = cluster.Order(Route);
        cluster.Answer(cluster.Place(Route, order[0], order[1]), waitMilliseconds: 0);
        Placement running = cluster.Place(Route);
        cluster.Add(12);
        cluster.Add(13);
        cluster.Remove(order[0]);

        RouteExplanation known = cluster.Router.Explain(Route, cluster.Now);
        RankedNode warm = known.Nodes.Single(node => node.Node == order[2]);
        Assert.That((warm.WarmContainers, warm.FunctionCalls), Is.EqualTo((1, 1)));
        Placement next = cluster.Place(Route);
        Assert.That((next.Node, next.FunctionCalls), Is.EqualTo((order[2], 2)));

        cluster.Router.Release(running, CallOutcome.Answered, 0, cluster.Now);
        cluster.Router.Release(next, CallOutcome.Answered, 0, cluster.Now);
        Assert.That(cluster.Router.Explain(Route, cluster.Now).Nodes.Sum(node => node.FunctionCalls), Is.Zero);
    }

    [Test]
    public void A_call_on_a_node_that_was_removed_is_counted_out()
    {
        Cluster cluster = new(3);
        Placement running = cluster.Place(Route);
        cluster.Remove(running.Node!);
        _ = cluster.Place(Route);

        cluster.Router.Release(running, CallOutcome.Answered, 0, cluster.Now);

        Assert.That((cluster.Router.InFlight, running.Node!.InFlight), Is.EqualTo((1, 0)));
    }

    [Test]
    public void A_pinned_call_counts_and_teaches_nothing()
    {
        Cluster cluster = new(3);
        Node admin = Node.ForAdmin(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 1));

        Placement placement = cluster.Router.Pin(admin);

        Assert.That((placement.Reason, admin.InFlight), Is.EqualTo((PlacementReason.Pinned, 1)));
        cluster.Router.Release(placement, CallOutcome.NotStarted, -1, cluster.Now);
        Assert.That((cluster.Router.InFlight, admin.InFlight), Is.EqualTo((0, 0)));
    }

    private static TimeSpan ShortestDecision(Cluster cluster, HashSet<Node>? tried)
    {
        TimeSpan shortest = TimeSpan.MaxValue;
        for (int i = 0; i < 30; i++)
        {
            long start = Stopwatch.GetTimestamp();
            cluster.Router.Place(Route, tried, cluster.Now, out Placement placement);
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            shortest = took < shortest ? took : shortest;
            Assert.That(placement.Node, Is.EqualTo(cluster.Order(Route)[^1]));
            cluster.Router.Release(placement, CallOutcome.Aborted, -1, cluster.Now);
        }

        return shortest;
    }

    private static void EvictContainers(Cluster cluster)
    {
        RouteKey other = Cluster.Key("/r/app/evicted");
        for (int call = 0; call < 40; call++)
        {
            cluster.Warm(other, 1);
            cluster.Answer(cluster.Place(other), waitMilliseconds: 600);
        }
    }

    /// <returns>The last of more calls than the node starts at once.</returns>
    private static Placement PlaceMany(Cluster cluster, Node node)
    {
        Node[] others = [.. cluster.Ring.Nodes.Where(other => other != node)];
        Placement[] calls = [.. Enumerable.Range(0, 16).Select(i => cluster.Place(Cluster.Key($"/r/x/{i}"), others))];
        return calls[^1];
    }

    // With more calls than others have, a node that refuses one is full, not ill. The others end at once.
    private static void Fill(Cluster cluster, Node node)
    {
        Node[] others = [.. cluster.Ring.Nodes.Where(other => other != node)];
        Placement[] calls = [.. Enumerable.Range(0, 6).Select(i => cluster.Place(Cluster.Key($"/r/x/{i}"), others))];
        cluster.Refuse(calls[^1]);
        foreach (Placement call in calls[..^1])
        {
            cluster.Router.Release(call, CallOutcome.Aborted, -1, cluster.Now);
        }
    }
}
