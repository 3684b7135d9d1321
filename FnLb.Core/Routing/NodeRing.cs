using System.Text;
using FnLb.Core.Nodes;

namespace FnLb.Core.Routing;

/// <summary>The immutable set of nodes with what their order for a route is computed from.</summary>
/// <remarks>
/// Rendezvous hashing (Thaler and Ravishankar, 1998): every node gets a score from its key and the route's, the highest
/// score ranks first. A removed node moves its own routes only, and no balancer needs to ask another. With weights the
/// score is w / -ln(u) (Schindelhauer and Schomaker, 2005), so that a changed weight moves only the share it should.
/// </remarks>
public sealed class NodeRing
{
    private readonly ulong[] _keys;
    private readonly double[] _weights;
    private readonly bool _isWeighted;

    /// <param name="weights">Effective weight of each node, above 0; null for the nodes' own.</param>
    public NodeRing(IReadOnlyList<Node> nodes, IReadOnlyList<double>? weights = null)
    {
        Nodes = [.. nodes];
        _keys = [.. nodes.Select(node => RouteKey.Of(Encoding.ASCII.GetBytes(node.Address.Text)).Hash)];
        _weights = weights is null ? [.. nodes.Select(node => node.Weight)] : [.. weights];
        _isWeighted = _weights.Distinct().Count() > 1;
    }

    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>
    /// Score of node <paramref name="index"/> for a route; positive doubles order like their bits, so one comparison
    /// serves both kinds.
    /// </summary>
    internal ulong Score(int index, RouteKey route)
    {
        ulong hash = RouteKey.Mix(route.Hash ^ _keys[index]);
        return _isWeighted ? WeightedScore(hash, _weights[index]) : hash;
    }

    // u is the middle of one of 2^53 equal parts of (0, 1): never 0, never 1.
    private static ulong WeightedScore(ulong hash, double weight)
    {
        double u = ((hash >> 11) + 0.5) * (1.0 / (1UL << 53));
        return BitConverter.DoubleToUInt64Bits(weight / -Math.Log(u));
    }
}
