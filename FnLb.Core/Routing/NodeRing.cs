using FnLb.Core.Nodes;

namespace FnLb.Core.Routing;

/// <summary>The immutable set of nodes with what their order for a route is computed from.</summary>
/// <remarks>
/// Rendezvous hashing (Thaler and Ravishankar, 1998): every node gets a score from its key and the route's, the highest
/// score ranks first. A removed node moves its own routes only, and no balancer needs to ask another. With weights the
/// score is w / -ln(u) (Schindelhauer and Schomaker, 2005), so that a changed weight moves only the share it should. A
/// ring of points (consistent hashing) finds the first node without looking at all, but spreads unevenly, and what a
/// full node spills goes to one neighbour instead of to all. The order must never change between versions: that would
/// empty every warm container in the cluster.
/// </remarks>
public sealed class NodeRing
{
    private readonly ulong[] _keys;
    private readonly double[]? _weights;
    private readonly double _meanWeight;
    private readonly RankShortlist _shortlist;

    /// <param name="nodes">Their <see cref="Node.RankWeight"/> is read once, and above 0.</param>
    /// <param name="loads">What is known of each node, in the same order.</param>
    /// <param name="version">Higher than that of every ring before.</param>
    internal NodeRing(IReadOnlyList<Node> nodes, NodeLoad[] loads, int version)
    {
        Nodes = [.. nodes];
        Loads = loads;
        Version = version;
        _keys = [.. loads.Select(load => load.Key)];
        double[] effective = [.. nodes.Select(node => node.RankWeight)];
        if (!effective.All(weight => weight > 0 && double.IsFinite(weight)))
        {
            throw new ArgumentException("Every node needs a weight above 0.", nameof(nodes));
        }

        _weights = effective.Distinct().Count() > 1 ? effective : null;
        _meanWeight = effective.Length == 0 ? 1 : effective.Average();
        _shortlist = new RankShortlist(effective, _weights is not null);
    }

    public IReadOnlyList<Node> Nodes { get; }

    internal NodeLoad[] Loads { get; }

    internal int Version { get; }

    internal int Count => Loads.Length;

    internal bool IsWeighted => _weights is not null;

    internal double WeightOf(int index) => _weights is null ? _meanWeight : _weights[index];

    /// <summary>What the node's part of the load is to that of a node of mean weight.</summary>
    internal double ShareOf(int index) => _weights is null ? 1 : _weights[index] / _meanWeight;

    /// <summary>
    /// Score of node <paramref name="index"/> for a route; positive doubles order like their bits, so one comparison
    /// serves both kinds.
    /// </summary>
    internal ulong Score(int index, RouteKey route)
    {
        ulong hash = route.With(_keys[index]);
        return _weights is null ? hash : WeightedScore(Fraction(hash), _weights[index]);
    }

    /// <summary>How many nodes rank before node <paramref name="index"/> for a route.</summary>
    internal int RankOf(int index, RouteKey route)
    {
        ulong score = Score(index, route);
        int rank = 0;
        for (int other = 0; other < _keys.Length; other++)
        {
            rank += Score(other, route) > score ? 1 : 0;
        }

        return rank;
    }

    /// <summary>Finds the nodes that rank first, best first.</summary>
    /// <param name="ranks">Receives places in this ring; no longer than there are nodes.</param>
    /// <remarks>Up to 8 ranks in one pass without allocation; more by sorting.</remarks>
    internal void SelectRanks(RouteKey route, Span<int> ranks)
    {
        if (ranks.Length > RankSelection.RanksMax)
        {
            SortRanks(route, ranks);
        }
        else if (!ranks.IsEmpty && !_shortlist.TrySelect(this, route, _keys, ranks))
        {
            RankSelection selection = new(ranks);
            for (int index = 0; index < _keys.Length; index++)
            {
                selection.Add(Score(index, route), index);
            }
        }
    }

    private void SortRanks(RouteKey route, Span<int> ranks)
    {
        ulong[] scores = new ulong[_keys.Length];
        int[] order = new int[_keys.Length];
        for (int index = 0; index < order.Length; index++)
        {
            scores[index] = ~Score(index, route);
            order[index] = index;
        }

        Array.Sort(scores, order);
        order.AsSpan(0, ranks.Length).CopyTo(ranks);
    }

    // The middle of one of 2^52 equal parts of (0, 1): exact, never 0, never 1.
    private static double Fraction(ulong hash) => ((hash >> 12) + 0.5) * (1.0 / (1UL << 52));

    private static ulong WeightedScore(double u, double weight) =>
        BitConverter.DoubleToUInt64Bits(weight / PortableLog.NegativeOf(u));
}
