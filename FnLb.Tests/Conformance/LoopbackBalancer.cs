using System.Net;
using System.Net.Sockets;
using FnLb.Core.Nodes;
using FnLb.Core.Proxy;
using FnLb.Core.Routing;
using FnLb.Core.Telemetry;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace FnLb.Tests.Conformance;

/// <summary>
/// The data plane in the process of the test, in front of nodes that are online for good: for volume, and to read its
/// counters.
/// </summary>
internal sealed class LoopbackBalancer : IAsyncDisposable
{
    private readonly Socket _listening = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly NodeDirectory _directory = new();
    private readonly TrafficServer _server;

    public LoopbackBalancer(ProxyOptions options, params int[] nodePorts)
    {
        _directory.Apply([.. nodePorts.Select(port => Entries.Of($"127.0.0.1:{port}"))]);
        foreach (Node node in _directory.Nodes)
        {
            node.Operational = OperationalState.Online;
        }

        _listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listening.Listen(4096);
        Port = ((IPEndPoint)_listening.LocalEndPoint!).Port;
        _server = new TrafficServer(options, new Router(_directory), _directory, NullLoggerFactory.Instance);
        _server.Start(_listening);
    }

    public int Port { get; }

    /// <summary>Nobody checks its nodes, or judges them by the calls that fail.</summary>
    public NodeDirectory Directory => _directory;

    public IReadOnlyList<Node> Nodes => _directory.Nodes;

    /// <summary>Calls that are at the nodes now.</summary>
    public int InFlight => _directory.Nodes.Sum(node => node.InFlight);

    public long Read(Counter counter) => _server.Read(counter);

    public async ValueTask DisposeAsync()
    {
        await _server.DrainAsync(TimeSpan.Zero);
        _server.Dispose();
        _listening.Dispose();
    }
}
