using System.Text;
using FnLb.Core.Nodes;
using FnLb.Core.Routing;
using FnLb.Tests.Harness;

namespace FnLb.Tests.Routing;

/// <summary>Online nodes, the router in front of them, and a clock that stands still unless told.</summary>
internal sealed class Cluster
{
    /// <summary>Nodes that nothing is known of start 12 calls before a function spreads.</summary>
    public static readonly WarmRankTuning Roomy = WarmRankTuning.Default with { LimitStart = 16, Comfort = 0.75 };

    private readonly List<NodeEntry> _entries = [];

    public Cluster(int nodes, RouterOptions? options = null, params double[] weights)
        : this(nodes, WarmRankTuning.Default, options, weights)
    {
    }

    public Cluster(int nodes, WarmRankTuning tuning, RouterOptions? options = null, params double[] weights)
    {
        for (int index = 0; index < nodes; index++)
        {
            _entries.Add(Entry(index, index < weights.Length ? weights[index] : 1));
        }

        Apply();
        Router = new Router(Directory, options ?? new RouterOptions(), tuning);
    }

    public NodeDirectory Directory { get; } = new();

    public Router Router { get; }

    public NodeRing Ring => Router.Ring;

    /// <summary>Milliseconds of the router's clock.</summary>
    public long Now { get; set; } = 1_000_000;

    public static RouteKey Key(string path) => RouteKey.Of(Encoding.ASCII.GetBytes(path));

    public static string AddressOf(int index) => $"10.0.{index / 200}.{(index % 200) + 1}:8080";

    /// <summary>All nodes in the route's order.</summary>
    public Node[] Order(RouteKey route)
    {
        int[] ranks = new int[Ring.Count];
        Ring.SelectRanks(route, ranks);
        return [.. ranks.Select(index => Ring.Nodes[index])];
    }

    public Placement Place(RouteKey route, params Node[] tried) => Router.Place(route, tried, Now);

    /// <summary>Ends a call that took at least as long as it says it waited.</summary>
    public void Answer(in Placement placement, double waitMilliseconds, double runMilliseconds = 100)
    {
        Now += (long)(waitMilliseconds + runMilliseconds);
        Router.Release(placement, CallOutcome.Answered, (long)(waitMilliseconds * 1e6), Now);
    }

    public void Refuse(in Placement placement) => Router.Release(placement, CallOutcome.NotStarted, -1, Now);

    /// <summary>Makes containers of a route warm on its home by as many calls at once.</summary>
    public void Warm(RouteKey route, int containers)
    {
        Placement[] calls = [.. Enumerable.Range(0, containers).Select(_ => Place(route))];
        foreach (Placement call in calls)
        {
            Router.Release(call, CallOutcome.Answered, 0, Now);
        }
    }

    public void Remove(Node node)
    {
        _ = _entries.RemoveAll(entry => entry.Address == node.Address);
        Apply();
    }

    public void Add(int index)
    {
        _entries.Add(Entry(index, 1));
        Apply();
    }

    private static NodeEntry Entry(int index, double weight) =>
        Entries.Of(AddressOf(index)) with { Weight = weight };

    private void Apply()
    {
        _ = Directory.Apply(_entries);
        foreach (Node node in Directory.Nodes)
        {
            node.Operational = OperationalState.Online;
        }
    }
}
