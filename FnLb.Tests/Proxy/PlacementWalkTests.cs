using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using FnLb.Core.Nodes;
using FnLb.Core.Proxy;
using FnLb.Core.Routing;
using FnLb.Core.Telemetry;
using FnLb.Core.Transport;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using NodeConnection = FnLb.Core.Proxy.NodeConnection;

namespace FnLb.Tests.Proxy;

/// <summary>Calls among nodes that cannot be connected to, which shows at once: there is no way to a group address.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PlacementWalkTests : IDisposable
{
    private readonly NodeDirectory _directory = new();
    private readonly HashSet<Node> _refused = [];
    private readonly EventLoop _loop = new(0, stagingBytes: 1024, NullLogger.Instance);
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private int _attempts;

    public PlacementWalkTests()
    {
        _directory.ConnectFailed += node =>
        {
            _attempts++;
            _ = _refused.Add(node);
        };
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    public void Dispose()
    {
        _loop.Dispose();
        _listener.Dispose();
    }

    [Test]
    public void A_call_asks_every_node_of_a_cluster_of_ordinary_size([Range(0, 9)] int function)
    {
        const int unreachable = PlacementWalk.UnconnectedMax - 1;
        PlacementWalk walk = Start(unreachable, _listener.LocalEndPoint!.ToString()!);

        bool isConnected = TryStep(walk, function, out NodeConnection? connection);

        Assert.That(isConnected, Is.True, $"{_attempts} nodes were asked before");
        Assert.That(_refused, Has.Count.EqualTo(_attempts));
        connection!.Cut();
        walk.End(CallOutcome.Aborted, waitNanoseconds: -1);
    }

    [Test]
    public void A_node_that_waits_for_its_share_to_be_known_takes_a_call_that_nobody_else_does()
    {
        string address = _listener.LocalEndPoint!.ToString()!;
        PlacementWalk walk = Start(3, address);
        Node held = _directory.Nodes.Single(node => node.Address.Text == address);
        held.IsHeld = true;

        bool isConnected = TryStep(walk, 0, out NodeConnection? connection);

        Assert.That((isConnected, held.IsHeld, _attempts), Is.EqualTo((true, false, 3)));
        connection!.Cut();
        walk.End(CallOutcome.Aborted, waitNanoseconds: -1);
    }

    [Test]
    public void A_call_that_no_node_takes_asks_each_once([Values(0, 1, 10, 63)] int nodes)
    {
        PlacementWalk walk = Start(nodes);

        Assert.That(TryStep(walk, 0, out _), Is.False);
        Assert.That((_attempts, _refused.Count), Is.EqualTo((nodes, nodes)));
    }

    [Test]
    public void In_a_large_cluster_a_call_gives_up_after_64_nodes_and_the_next_asks_others()
    {
        PlacementWalk walk = Start(1_000);
        for (int call = 1; call <= 3; call++)
        {
            Assert.That(TryStep(walk, 0, out _), Is.False);
            walk.End(CallOutcome.Aborted, waitNanoseconds: -1);
            Assert.That((_attempts, _refused.Count), Is.EqualTo((64 * call, 64 * call)), $"after {call} calls");
        }
    }

    private static bool TryStep(
        PlacementWalk walk, int function, [NotNullWhen(true)] out NodeConnection? connection)
    {
        RequestFacts request = Requests.Get with { Route = new RouteKey(RouteKey.Mix((ulong)function)) };
        return walk.TryStep(request, isFresh: false, out connection);
    }

    private PlacementWalk Start(int unreachable, params string[] others)
    {
        IEnumerable<string> groups = Enumerable.Range(0, unreachable).Select(i => $"224.0.{i / 250}.{i % 250}:80");
        _ = _directory.Apply([.. groups.Concat(others).Select(Entries.Of)]);
        foreach (Node node in _directory.Nodes)
        {
            node.Operational = OperationalState.Online;
        }

        ProxyOptions options = new() { Loops = 1 };
        return new PlacementWalk(
            new ProxyLoop(_loop, options, new Router(_directory), _directory, NullLogger.Instance));
    }
}
