using System.Diagnostics;
using FnLb.Core.Nodes;

namespace FnLb.Core.Routing;

/// <summary>Places each call on a node and counts it in flight. Any thread; no locks, no allocation.</summary>
public sealed class Router
{
    private NodeRing _ring;
    private int _inFlight;

    public Router(NodeDirectory directory)
    {
        directory.MembershipChanged += nodes => Publish(nodes);
        _ring = new NodeRing(directory.Nodes);
    }

    /// <summary>The nodes as of now.</summary>
    public NodeRing Ring => Volatile.Read(ref _ring);

    /// <summary>Calls placed and not released, over all nodes and loops.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Makes the ring that of the given nodes.</summary>
    /// <param name="weights">Effective weight of each node, above 0, in their order; null for the nodes' own.</param>
    public void Publish(IReadOnlyList<Node> nodes, IReadOnlyList<double>? weights = null) =>
        Volatile.Write(ref _ring, new NodeRing(nodes, weights));

    /// <summary>
    /// Chooses the first node in the route's rank order that takes calls and was not tried for this one.
    /// </summary>
    /// <param name="tried">Nodes this call was placed on before.</param>
    /// <returns>
    /// Reason None when there is no such node; otherwise the call is counted in flight until <see cref="Release"/>.
    /// </returns>
    public Placement Place(RouteKey route, ReadOnlySpan<Node> tried)
    {
        NodeRing ring = Ring;
        Node? chosen = null;
        ulong chosenScore = 0;
        ulong homeScore = 0;
        for (int index = 0; index < ring.Nodes.Count; index++)
        {
            ulong score = ring.Score(index, route);
            homeScore = Math.Max(homeScore, score);
            if ((chosen is null || score > chosenScore)
                && ring.Nodes[index].IsPlaceable
                && !tried.Contains(ring.Nodes[index]))
            {
                chosen = ring.Nodes[index];
                chosenScore = score;
            }
        }

        if (chosen is null)
        {
            return default;
        }

        _ = chosen.Enter();
        _ = Interlocked.Increment(ref _inFlight);
        PlacementReason reason = !tried.IsEmpty ? PlacementReason.Retried
            : chosenScore == homeScore ? PlacementReason.Home
            : PlacementReason.NextInRank;
        return new Placement(chosen, reason);
    }

    /// <summary>Counts a call in flight on a node that was chosen by other means than its route.</summary>
    public Placement Pin(Node node)
    {
        _ = node.Enter();
        _ = Interlocked.Increment(ref _inFlight);
        return new Placement(node, PlacementReason.Pinned);
    }

    /// <summary>Counts a placed call out and learns from how it went.</summary>
    /// <param name="waitNanoseconds">
    /// How long the call waited at the node to start, as the node says; -1 when it does not say.
    /// </param>
    public void Release(in Placement placement, CallOutcome outcome, long waitNanoseconds)
    {
        Debug.Assert(placement.Node is not null, "Only a call that was placed can be released.");
        placement.Node.Leave();
        _ = Interlocked.Decrement(ref _inFlight);
    }
}
