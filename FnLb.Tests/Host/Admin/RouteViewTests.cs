using System.Text;
using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Core.Routing;
using FnLb.Host.Admin;
using FnLb.Host.Stores;
using FnLb.Tests.Harness;
using FnLb.Tests.Host.Stores;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace FnLb.Tests.Host.Admin;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RouteViewTests
{
    private readonly NodeDirectory _directory = new();
    private readonly HealthMonitor _health;
    private readonly Router _router;
    private readonly Membership _membership;
    private readonly RouteView _view;
    private readonly Dictionary<ulong, string> _names = [];

    public RouteViewTests()
    {
        _health = new HealthMonitor(_directory, new HealthOptions(), TimeProvider.System, new RecordedLog());
        _router = new Router(_directory);
        _membership = new Membership(new ScriptedStore(), _directory, TimeProvider.System, new RecordedLog());
        _view = new RouteView(_router, new ClusterView(_directory, _health, _membership), () => _names);
    }

    [TearDown]
    public async Task Stop()
    {
        _membership.Dispose();
        await _health.DisposeAsync();
    }

    [Test]
    public void Every_node_is_told_in_rank_order_and_the_first_that_takes_calls_is_taken()
    {
        Apply("a:1", "b:1", "c:1");
        string home = _view.Explain("/r/app/f", "").Node!;
        _directory.Nodes.Single(node => node.Address.Text == home).Operational = OperationalState.Offline;

        RouteAnswer answer = _view.Explain("/r/app/f?x=1", "");

        Assert.That((answer.Path, answer.Known), Is.EqualTo(("/r/app/f", false)));
        Assert.That(answer.Nodes.Select(node => node.Rank), Is.EqualTo((int[])[0, 1, 2]));
        Assert.That((answer.Nodes[0].Node, answer.Nodes[0].State), Is.EqualTo((home, "offline")));
        Assert.That(answer.Nodes.Select(node => node.Taken), Is.EqualTo((bool[])[false, true, false]));
        Assert.That(answer.Node, Is.EqualTo(answer.Nodes[1].Node));
        Assert.That(answer.Why, Is.Not.Empty);
    }

    [TestCase("?path=/r/app/a%20b", "/r/app/a%20b")]
    [TestCase("?header=x&path=/r/app/a%2520b?x=1", "/r/app/a%2520b?x=1")]
    [TestCase("?path=%2Fr%2Fapp%2Fa%2520b", "/r/app/a%20b")]
    [TestCase("?header=x", "")]
    [TestCase("", "")]
    public void A_path_is_asked_for_as_calls_have_it(string query, string path) =>
        Assert.That(RouteView.PathIn(new QueryString(query)), Is.EqualTo(path));

    [Test]
    public void Without_a_node_that_takes_calls_none_is_taken()
    {
        RouteAnswer answer = _view.Explain("/r/app/f", "");

        Assert.That((answer.Node, answer.Nodes.Count), Is.EqualTo(((string?)null, 0)));
    }

    [Test]
    public void A_removal_tells_the_functions_that_would_move_and_removes_nothing()
    {
        Apply("a:1", "b:1");
        const int functions = 40;
        for (int i = 0; i < functions; i++)
        {
            RouteKey key = _router.KeyRule.Of(Encoding.ASCII.GetBytes($"/r/app/f{i}"), default);
            Placement placement = _router.Place(key, default, Environment.TickCount64);
            _router.Release(placement, CallOutcome.Answered, 0, Environment.TickCount64);
            if (i > 0)
            {
                _names.Add(key.Hash, $"/r/app/f{i}");
            }
        }

        RemovalAnswer answer = _view.WhatIfRemoved(Entries.Address("a:1"))!;

        Assert.That((answer.Node, answer.FunctionsKnown), Is.EqualTo(("a:1", functions)));
        Assert.That(answer.FunctionsMoved, Is.InRange(8, 32));
        Assert.That(answer.TrafficShare, Is.EqualTo(answer.FunctionsMoved / (double)functions).Within(0.01));
        Assert.That(answer.ColdStarts, Is.GreaterThan(0));
        Assert.That(answer.Moved.Select(moved => moved.Next), Is.All.EqualTo("b:1"));
        foreach (MovedRouteAnswer moved in answer.Moved.Where(moved => moved.Function is not null))
        {
            Assert.That(_view.Explain(moved.Function!, "").Route, Is.EqualTo(moved.Route));
        }

        Assert.That(answer.Moved.Count(moved => moved.Function is not null), Is.GreaterThan(answer.FunctionsMoved - 2));
        Assert.That(_directory.Nodes, Has.Count.EqualTo(2));
        Assert.That(_view.WhatIfRemoved(Entries.Address("c:1")), Is.Null);
    }

    private void Apply(params string[] nodes)
    {
        _directory.Apply([.. nodes.Select(Entries.Of)]);
        foreach (Node node in _directory.Nodes)
        {
            node.Operational = OperationalState.Online;
        }
    }
}
