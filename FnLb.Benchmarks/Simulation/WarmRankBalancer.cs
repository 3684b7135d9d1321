using FnLb.Core.Nodes;
using FnLb.Core.Routing;

namespace FnLb.Benchmarks.Simulation;

/// <summary>The router of FnLb itself.</summary>
internal sealed class WarmRankBalancer : IBalancer
{
    private readonly Node[] _nodes;
    private readonly Dictionary<Node, int> _indexes = [];
    private readonly RouteKey[] _routes;

    public WarmRankBalancer(Scenario scenario, IReadOnlyList<SimulatedFunction> functions, WarmRankTuning tuning)
    {
        NodeDirectory directory = new();
        NodeEntry[] entries = [.. Enumerable.Range(0, scenario.Nodes).Select(node => Entry(node))];
        _ = directory.Apply(entries);
        _nodes = [.. entries.Select(entry => directory.Nodes.Single(node => node.Address == entry.Address))];
        for (int index = 0; index < _nodes.Length; index++)
        {
            _nodes[index].Operational = OperationalState.Online;
            _indexes.Add(_nodes[index], index);
        }

        Router = new Router(directory, new RouterOptions(), tuning);
        _routes = [.. functions.Select(function => RouteKey.Of(System.Text.Encoding.ASCII.GetBytes(function.Path)))];
    }

    public Router Router { get; }

    public bool PlacesBusyAgain => true;

    public int Place(SimulatedCall call, long nowMilliseconds)
    {
        Node[] tried = [.. call.Tried.Select(index => _nodes[index])];
        call.Placement = Router.Place(_routes[call.Function.Index], tried, nowMilliseconds);
        return call.Placement.Node is { } node ? _indexes[node] : -1;
    }

    public void Release(SimulatedCall call, CallOutcome outcome, long waitNanoseconds, long nowMilliseconds) =>
        Router.Release(call.Placement, outcome, waitNanoseconds, nowMilliseconds);

    public void SetPlaceable(int node, bool isPlaceable) =>
        _nodes[node].Operational = isPlaceable ? OperationalState.Online : OperationalState.Offline;

    private static NodeEntry Entry(int node)
    {
        _ = NodeAddress.TryParse($"10.0.{node / 200}.{(node % 200) + 1}:8080", out NodeAddress address, out _);
        return new NodeEntry(address);
    }
}
