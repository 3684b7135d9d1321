using FnLb.Core.Nodes;
using FnLb.Core.Routing;
using NUnit.Framework;

namespace FnLb.Tests.Routing;

/// <summary>Where calls go, step by step.</summary>
public sealed class PlacementTests
{
    private static readonly RouteKey Route = Cluster.Key("/r/app/f");

    [Test]
    public void The_first_call_of_a_function_goes_home()
    {
        Cluster cluster = new(8);

        Placement placement = cluster.Place(Route);

        Assert.That(placement.Node, Is.EqualTo(cluster.Order(Route)[0]));
        Assert.That((placement.Reason, placement.Rank), Is.EqualTo((PlacementReason.Home, 0)));
        Assert.That((placement.FunctionCalls, placement.NodeCalls), Is.EqualTo((1, 1)));
    }

    [Test]
    public void Several_load_balancers_agree_without_talking()
    {
        Cluster one = new(20);
        Cluster other = new(20);
        for (int i = 0; i < 100; i++)
        {
            RouteKey route = Cluster.Key($"/r/app/f{i}");
            Assert.That(other.Place(route).Node!.Address, Is.EqualTo(one.Place(route).Node!.Address));
        }
    }

    [Test]
    public void Calls_at_once_stay_home_while_that_may_have_room()
    {
        Cluster cluster = new(8, Cluster.Roomy);
        Placement[] calls = [.. Enumerable.Range(0, 13).Select(_ => cluster.Place(Route))];

        Assert.That(calls[..12].Select(call => call.Reason), Is.All.EqualTo(PlacementReason.Home));
        Assert.That((calls[12].Reason, calls[12].Rank), Is.EqualTo((PlacementReason.Bounded, 1)));
    }

    [Test]
    public void A_function_that_is_warm_grows_to_the_next_rank_when_its_home_is_full()
    {
        Cluster cluster = new(8, Cluster.Roomy);
        RunLong(cluster);
        cluster.Warm(Route, 1);
        KeepRunning(cluster, 12);

        Placement next = cluster.Place(Route);

        Assert.That((next.Reason, next.Rank), Is.EqualTo((PlacementReason.Grown, 1)));
    }

    [Test]
    public void A_container_that_is_warm_beats_a_better_rank_that_is_not()
    {
        Cluster cluster = new(8);
        Node[] order = cluster.Order(Route);
        cluster.Answer(cluster.Place(Route, order[0], order[1]), waitMilliseconds: 0);

        Placement placement = cluster.Place(Route);

        Assert.That((placement.Node, placement.Reason), Is.EqualTo((order[2], PlacementReason.Warm)));
        Assert.That((placement.Rank, placement.WarmContainers), Is.EqualTo((2, 1)));
    }

    [Test]
    public void A_call_queues_where_it_is_warm_when_that_is_shorter_than_a_start()
    {
        Cluster cluster = new(8);
        cluster.Warm(Route, 3);
        Placement[] calls = [.. Enumerable.Range(0, 4).Select(_ => cluster.Place(Route))];

        Assert.That(calls[..3].Select(call => call.Reason), Is.All.EqualTo(PlacementReason.Home));
        Assert.That((calls[3].Reason, calls[3].Rank), Is.EqualTo((PlacementReason.Queued, 0)));
    }

    [Test]
    public void A_call_does_not_queue_behind_calls_that_run_long()
    {
        Cluster cluster = new(8);
        RunLong(cluster);
        cluster.Warm(Route, 1);
        KeepRunning(cluster, 1);

        Placement next = cluster.Place(Route);

        Assert.That((next.Reason, next.Rank), Is.EqualTo((PlacementReason.Home, 0)), "to start another there");
    }

    [Test]
    public void Containers_are_forgotten_after_two_windows_without_a_call()
    {
        Cluster cluster = new(8);
        cluster.Warm(Route, 3);
        Assert.That(cluster.Router.Explain(Route, cluster.Now).Nodes[0].WarmContainers, Is.EqualTo(3));

        cluster.Now += 8_000;

        Assert.That(cluster.Router.Explain(Route, cluster.Now).Nodes[0].WarmContainers, Is.Zero);
    }

    [Test]
    public void A_container_that_was_evicted_is_not_counted_on_again()
    {
        Cluster cluster = new(8);
        cluster.Warm(Route, 5);

        cluster.Answer(cluster.Place(Route), waitMilliseconds: 600);

        Assert.That(WarmAtHome(cluster), Is.EqualTo(1), "the one that was started for the call");
    }

    [Test]
    public void A_container_that_another_call_left_means_one_fewer_than_thought()
    {
        Cluster cluster = new(8);
        cluster.Warm(Route, 3);
        KeepRunning(cluster, 2);

        cluster.Answer(cluster.Place(Route), waitMilliseconds: 200);

        Assert.That(WarmAtHome(cluster), Is.EqualTo(2));
    }

    [TestCase(50.0, 0, TestName = "A_wait_that_is_longer_than_the_call_is_ignored")]
    [TestCase(1.0, 1, TestName = "A_wait_that_is_shorter_than_the_call_is_believed")]
    public void A_wait_is_compared_with_the_call(double waitMilliseconds, int warm)
    {
        Cluster cluster = new(8);
        Placement call = cluster.Place(Route);
        cluster.Now += 20;

        cluster.Router.Release(call, CallOutcome.Answered, (long)(waitMilliseconds * 1e6), cluster.Now);

        Assert.That(WarmAtHome(cluster), Is.EqualTo(warm));
    }

    [Test]
    public void While_containers_are_evicted_functions_do_not_spread()
    {
        Cluster cluster = new(8, Cluster.Roomy);
        for (int call = 0; call < 30; call++)
        {
            cluster.Warm(Route, 1);
            cluster.Answer(cluster.Place(Route), waitMilliseconds: 600);
        }

        RunLong(cluster);

        Assert.That(cluster.Router.Explain(Route, cluster.Now).MaySpread, Is.False);
        cluster.Warm(Route, 1);
        Placement[] calls = [.. Enumerable.Range(0, 24).Select(_ => cluster.Place(Route))];
        Assert.That(calls.Select(call => call.Reason), Has.None.EqualTo(PlacementReason.Grown));
        Assert.That(calls.Select(call => call.Reason), Has.Some.EqualTo(PlacementReason.Bounded));
    }

    [Test]
    public void Without_the_wait_header_calls_keep_to_their_part_of_the_load()
    {
        Cluster cluster = new(4);
        for (int call = 0; call < 16; call++)
        {
            cluster.Router.Release(cluster.Place(Route), CallOutcome.Answered, -1, cluster.Now);
        }

        Placement[] calls = [.. Enumerable.Range(0, 16).Select(_ => cluster.Place(Route))];

        Assert.That(cluster.Router.Explain(Route, cluster.Now).Nodes[0].SendsWait, Is.False);
        Assert.That(calls.Count(call => call.Rank == 0), Is.InRange(6, 8), "at most twice the mean of 4");
        Assert.That(calls[0].FunctionCalls, Is.EqualTo(1));
        Assert.That(WarmAtHome(cluster), Is.InRange(6, 8), "counted on when sent");
    }

    [Test]
    public void A_function_that_spreads_beyond_eight_nodes_is_known_on_all()
    {
        Cluster cluster = new(40);
        List<Placement> calls = [];
        for (int wave = 1; wave <= 12; wave++)
        {
            for (int call = 0; call < 24; call++)
            {
                calls.Add(cluster.Place(Route));
            }

            cluster.Now += 5;
            calls.ForEach(call => cluster.Router.Release(call, CallOutcome.Answered, 0, cluster.Now));
            calls = [.. calls.Select(_ => cluster.Place(Route))];
        }

        int[] ranks = [.. calls.Select(call => call.Rank).Distinct().Order()];
        Assert.That(ranks, Has.Length.GreaterThan(8));
        Assert.That(ranks, Has.None.EqualTo(-1));
        Assert.That(calls.Select(call => call.FunctionCalls), Has.None.Zero);
    }

    [Test]
    public void A_function_that_spreads_over_many_nodes_is_laid_out_a_few_times()
    {
        Cluster cluster = new(400);
        Placement[] calls = [.. Enumerable.Range(0, 1_600).Select(_ => cluster.Place(Route))];

        Assert.That(calls.Max(call => call.Rank), Is.GreaterThan(150));
        Assert.That(calls.Select(call => call.Epoch).Distinct().Count(), Is.LessThan(16));
    }

    // Nobody queues behind such calls.
    private static void RunLong(Cluster cluster)
    {
        for (int call = 0; call < 20; call++)
        {
            cluster.Answer(cluster.Place(Route), waitMilliseconds: 0, runMilliseconds: 60_000);
        }
    }

    private static int WarmAtHome(Cluster cluster) =>
        cluster.Router.Explain(Route, cluster.Now).Nodes[0].WarmContainers;

    private static void KeepRunning(Cluster cluster, int calls)
    {
        for (int call = 0; call < calls; call++)
        {
            _ = cluster.Place(Route);
        }
    }
}
