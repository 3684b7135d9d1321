namespace FnLb.Core.Nodes;

/// <summary>Who belongs to the cluster. Stores feed it, health checks set states, the router reads the list.</summary>
public sealed class NodeDirectory
{
    private readonly Lock _applying = new();
    private volatile IReadOnlyList<Node> _nodes = [];

    /// <summary>Raised after the membership changed, on the thread that changed it.</summary>
    public event Action<IReadOnlyList<Node>>? MembershipChanged;

    /// <summary>Raised on an event loop when a live call could not connect; handlers return at once.</summary>
    public event Action<Node>? ConnectFailed;

    /// <summary>An immutable list in the order of the addresses' text (ordinal).</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>Makes the membership equal to the entries. Nodes that stay keep their object, so their load.</summary>
    /// <returns>Whether anything changed.</returns>
    public bool Apply(IReadOnlyCollection<NodeEntry> entries)
    {
        lock (_applying)
        {
            Dictionary<NodeAddress, Node> known = _nodes.ToDictionary(node => node.Address);
            List<Node> next = new(entries.Count);
            bool changed = false;
            foreach (NodeEntry entry in InOrder(entries))
            {
                if (known.Remove(entry.Address, out Node? node))
                {
                    node.Administrative = entry.State;
                }
                else
                {
                    node = new Node(entry.Address, entry.State, entry.Weight);
                    changed = true;
                }

                next.Add(node);
            }

            if (!changed && known.Count == 0)
            {
                return false;
            }

            _nodes = next.AsReadOnly();
            MembershipChanged?.Invoke(_nodes);
            return true;
        }
    }

    /// <summary>Takes a node out of rotation because a live call could not connect. Any thread; never blocks.</summary>
    public void ReportConnectFailure(Node node)
    {
        node.TryChange(OperationalState.Online, OperationalState.Offline);
        ConnectFailed?.Invoke(node);
    }

    private static IEnumerable<NodeEntry> InOrder(IEnumerable<NodeEntry> entries) =>
        entries.DistinctBy(entry => entry.Address).OrderBy(entry => entry.Address.Text, StringComparer.Ordinal);
}
