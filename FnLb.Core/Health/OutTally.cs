using FnLb.Core.Nodes;

namespace FnLb.Core.Health;

/// <summary>Counts the members that are out as they change.</summary>
/// <remarks>
/// Every check asks for the counts: if each looked at all nodes, a round of checks would cost their square. A change
/// costs a look at the node that changed, however many there are. Not thread-safe.
/// </remarks>
internal sealed class OutTally
{
    private readonly Dictionary<Node, Entry> _members = [];

    // Ejected by calls. The first is empty while ejections are enforced, the second while they are waived.
    private readonly HashSet<Node> _ejectedOnline = [];
    private readonly HashSet<Node> _ejectedOut = [];

    /// <summary>Over all members.</summary>
    public OutCounts Counts { get; private set; }

    public bool IsMember(Node node) => _members.ContainsKey(node);

    /// <summary>What the node is counted as; all zero for one that is no member.</summary>
    public OutCounts Of(Node node) => _members.TryGetValue(node, out Entry? entry) ? entry.Counts : default;

    /// <summary>Who is a member and not in the set.</summary>
    public IReadOnlyList<Node> MembersBeside(HashSet<Node> others) =>
        [.. _members.Keys.Where(node => !others.Contains(node))];

    /// <returns>False when it is a member already.</returns>
    public bool TryAdd(Node node) => _members.TryAdd(node, new Entry());

    public void Remove(Node node)
    {
        if (_members.Remove(node, out Entry? entry))
        {
            Counts -= entry.Counts;
            _ejectedOnline.Remove(node);
            _ejectedOut.Remove(node);
        }
    }

    /// <summary>Counts a node anew, whose states may have changed.</summary>
    public void Recount(Node node)
    {
        if (_members.TryGetValue(node, out Entry? entry))
        {
            Recount(node, entry);
        }
    }

    /// <summary>Says whether calls have ejected a node.</summary>
    public void SetEjected(Node node, bool isEjected)
    {
        if (_members.TryGetValue(node, out Entry? entry))
        {
            entry.IsEjected = isEjected;
            Recount(node, entry);
        }
    }

    /// <summary>Says whether a call could not connect to a node, and no check has said more since.</summary>
    public void SetDoubted(Node node, bool isDoubted)
    {
        if (_members.TryGetValue(node, out Entry? entry))
        {
            entry.IsDoubted = isDoubted;
            Recount(node, entry);
        }
    }

    /// <summary>The nodes that calls have ejected, in the order of their texts.</summary>
    /// <param name="isInService">Whether those that are in service all the same, or those that are not.</param>
    public IReadOnlyList<Node> EjectedNodes(bool isInService)
    {
        HashSet<Node> nodes = isInService ? _ejectedOnline : _ejectedOut;
        return nodes.Count == 0 ? [] : [.. nodes.OrderBy(node => node.Address.Text, StringComparer.Ordinal)];
    }

    private void Recount(Node node, Entry entry)
    {
        OperationalState state = node.Operational;
        OutCounts counts = CountsOf(node.Administrative, state, entry);
        Counts += counts - entry.Counts;
        entry.Counts = counts;
        Place(_ejectedOnline, node, entry.IsEjected && state == OperationalState.Online);
        Place(_ejectedOut, node, entry.IsEjected && state == OperationalState.Ejected);
    }

    // Those that drain are out by the operator's will, and those not yet checked cannot be judged.
    private static OutCounts CountsOf(AdministrativeState asked, OperationalState state, Entry entry)
    {
        if (asked != AdministrativeState.Active || state == OperationalState.Unknown)
        {
            return default;
        }

        bool isOut = entry.IsEjected || state == OperationalState.Offline;
        return new OutCounts(
            Counted: 1,
            NotOnline: state == OperationalState.Online ? 0 : 1,
            Out: isOut ? 1 : 0,
            Ejected: entry.IsEjected ? 1 : 0,
            Doubted: entry.IsDoubted && !isOut ? 1 : 0);
    }

    private static void Place(HashSet<Node> nodes, Node node, bool belongs)
    {
        if (belongs)
        {
            nodes.Add(node);
        }
        else
        {
            nodes.Remove(node);
        }
    }

    private sealed class Entry
    {
        public bool IsEjected { get; set; }

        public bool IsDoubted { get; set; }

        public OutCounts Counts { get; set; }
    }
}
