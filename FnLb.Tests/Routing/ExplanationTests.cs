using CsCheck;
using FnLb.Core.Nodes;
using FnLb.Core.Routing;
using NUnit.Framework;

namespace FnLb.Tests.Routing;

/// <summary>What an operator is told about a route and about the removal of a node.</summary>
public sealed class ExplanationTests
{
    [Test]
    public void Foretells_the_next_placement_whatever_happened_before() =>
        Gen.Int[1, 20].Select(Gen.Int[0, 6].Array[0, 120]).Sample((nodes, steps) =>
        {
            Cluster cluster = new(nodes);
            List<Placement> running = [];
            foreach (int step in steps)
            {
                RouteKey route = Cluster.Key($"/r/app/f{step % 2}");
                Placement told = cluster.Router.Explain(route, cluster.Now).Placement;
                Placement placed = cluster.Place(route);
                Assert.That(Numbers(told), Is.EqualTo(Numbers(placed)), told.Explain());
                running.Add(placed);
                cluster.Now += 37 * step;
                for (int i = 0; i < step / 2 && running.Count > 0; i++)
                {
                    End(cluster, running[0], step);
                    running.RemoveAt(0);
                }
            }
        });

    [Test]
    public void Has_no_effect()
    {
        Cluster cluster = new(8);
        RouteKey unknown = Cluster.Key("/never/called");

        RouteExplanation explanation = cluster.Router.Explain(unknown, cluster.Now);

        Assert.That(explanation.IsKnown, Is.False);
        Assert.That(explanation.Placement.Reason, Is.EqualTo(PlacementReason.Home));
        Assert.That((cluster.Router.FunctionCount, cluster.Router.InFlight), Is.EqualTo((0, 0)));
        Assert.That(cluster.Ring.Nodes.Sum(node => node.InFlight), Is.Zero);
    }

    [Test]
    public void Shows_every_node_in_rank_order_and_the_one_that_is_chosen()
    {
        Cluster cluster = new(12);
        RouteKey route = Cluster.Key("/r/app/f");
        Node[] order = cluster.Order(route);
        order[0].Operational = OperationalState.Offline;

        RouteExplanation explanation = cluster.Router.Explain(route, cluster.Now);

        Assert.That(explanation.Nodes.Select(node => node.Node), Is.EqualTo(order));
        Assert.That(explanation.Nodes.Select(node => node.Rank), Is.EqualTo(Enumerable.Range(0, 12)));
        Assert.That(explanation.Nodes.Select(node => node.IsPlaceable), Is.EqualTo(order.Select(n => n != order[0])));
        Assert.That(explanation.Nodes.Single(node => node.IsChosen).Node, Is.EqualTo(order[1]));
        Assert.That(explanation.Placement.Explain(), Does.StartWith("every node that ranks before is out"));
    }

    [Test]
    public void Says_which_routes_a_removal_moves_and_what_it_costs()
    {
        Cluster cluster = new(4);
        RouteKey[] routes = [.. Enumerable.Range(0, 40).Select(i => Cluster.Key($"/r/app/f{i}"))];
        foreach (RouteKey route in routes)
        {
            cluster.Warm(route, 2);
        }

        Node removed = cluster.Ring.Nodes[1];
        RouteKey[] itsRoutes = [.. routes.Where(route => cluster.Order(route)[0] == removed)];
        RemovalForecast forecast = cluster.Router.WhatIfRemoved(removed, cluster.Now);

        Assert.That(forecast.FunctionsKnown, Is.EqualTo(40));
        Assert.That(forecast.Moved.Select(moved => moved.Route), Is.EquivalentTo(itsRoutes));
        Assert.That(forecast.TrafficShare, Is.EqualTo(itsRoutes.Length / 40.0).Within(1e-9));
        Assert.That(forecast.ColdStarts, Is.EqualTo(2 * itsRoutes.Length));
        Assert.That(forecast.Moved.Select(moved => moved.Next), Is.EqualTo(
            forecast.Moved.Select(moved => cluster.Order(moved.Route)[1])));
    }

    [Test]
    public void What_is_warm_and_idle_elsewhere_saves_cold_starts()
    {
        Cluster cluster = new(4);
        RouteKey route = Cluster.Key("/r/app/f");
        Node[] order = cluster.Order(route);
        cluster.Warm(route, 2);
        cluster.Answer(cluster.Place(route, order[0]), waitMilliseconds: 0);

        RemovalForecast forecast = cluster.Router.WhatIfRemoved(order[0], cluster.Now);

        Assert.That(forecast.ColdStarts, Is.EqualTo(1));
        Assert.That(forecast.TrafficShare, Is.EqualTo(2 / 3.0).Within(1e-9));
        Assert.That(cluster.Router.WhatIfRemoved(order[3], cluster.Now).Moved, Is.Empty);
    }

    private static (Node?, PlacementReason, int, int, int, int, double) Numbers(in Placement placement) => (
        placement.Node,
        placement.Reason,
        placement.Rank,
        placement.FunctionCalls,
        placement.NodeCalls,
        placement.WarmContainers,
        placement.Cap);

    private static void End(Cluster cluster, in Placement placement, int step)
    {
        if (placement.Node is null)
        {
            return;
        }

        CallOutcome outcome = step == 6 ? CallOutcome.NotStarted : CallOutcome.Answered;
        long wait = step switch { 2 => 0, 3 => 100, 4 => 700, 5 => 5_000, _ => -1 };
        cluster.Now += long.Max(wait, 0);
        cluster.Router.Release(placement, outcome, wait < 0 ? -1 : wait * 1_000_000, cluster.Now);
    }
}
