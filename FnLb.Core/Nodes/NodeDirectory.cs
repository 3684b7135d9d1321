namespace FnLb.Core.Nodes;

/// <summary>Who belongs to the cluster. Stores feed it, health checks set states, the router reads the list.</summary>
public sealed class NodeDirectory(TimeProvider time)
{
    private readonly Lock _applying = new();
    private volatile IReadOnlyList<Node> _nodes = [];

    public NodeDirectory()
        : this(TimeProvider.System)
    {
    }

    /// <summary>
    /// Raised after the membership or a weight changed, on the thread that changed it, one after the other: the last
    /// list a handler gets is the present one.
    /// </summary>
    public event Action<IReadOnlyList<Node>>? MembershipChanged;

    /// <summary>
    /// Raised after <see cref="Node.StartShare"/> of a member changed while the membership did not; in one order with
    /// <see cref="MembershipChanged"/>, and far more often.
    /// </summary>
    public event Action<IReadOnlyList<Node>>? WeightsChanged;

    /// <summary>Raised on an event loop when a live call could not connect; handlers return at once.</summary>
    public event Action<Node>? ConnectFailed;

    /// <summary>
    /// Raised on an event loop when a live call could not connect to one of a node's addresses and goes on to the next;
    /// handlers return at once.
    /// </summary>
    public event Action<Node>? AddressFailed;

    /// <summary>
    /// Raised on an event loop with every fault of a live call and how many there are in a row; handlers return at
    /// once.
    /// </summary>
    public event Action<Node, TrafficFault, int>? Faulted;

    /// <summary>Raised when a node is about to take calls (again), with how long it took none.</summary>
    public event Action<Node, TimeSpan>? Returning;

    /// <summary>An immutable list in the order of the addresses' text (ordinal).</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>Makes the membership equal to the entries. Nodes that stay keep their object, so their load.</summary>
    /// <returns>Whether the membership or a weight changed.</returns>
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
                    changed |= node.Weight != entry.Weight;
                    node.Weight = entry.Weight;
                    Administer(node, entry.State);
                }
                else
                {
                    node = new Node(entry.Address, entry.State, entry.Weight);
                    changed = true;
                }

                node.Note = entry.Note;
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

    /// <summary>Raises <see cref="WeightsChanged"/>.</summary>
    public void AnnounceWeights()
    {
        lock (_applying)
        {
            WeightsChanged?.Invoke(_nodes);
        }
    }

    /// <summary>Lets nodes take calls that wait for loops to know their share. Any thread; never blocks.</summary>
    /// <returns>False when none waits.</returns>
    public bool ReleaseHeld()
    {
        bool hasHeld = false;
        foreach (Node node in Nodes.Where(node => node.IsHeld))
        {
            node.IsHeld = false;
            hasHeld = true;
        }

        return hasHeld;
    }

    /// <summary>A live call could not connect to a node. Any thread; never blocks.</summary>
    public void ReportConnectFailure(Node node)
    {
        node.IdleTolerance.Forget();
        ConnectFailed?.Invoke(node);
        Report(node, TrafficFault.ConnectFailed);
    }

    /// <summary>
    /// A live call could not connect to one of a node's addresses; another may work. Any thread; never blocks.
    /// </summary>
    public void ReportAddressFailure(Node node) => AddressFailed?.Invoke(node);

    /// <summary>A connection ended before one byte of an answer. Any thread; never blocks.</summary>
    /// <param name="sentNanoseconds">When its call was sent, by the time stamps of this directory's clock: those of
    /// <see cref="Environment.TickCount64"/> stand still for milliseconds, in which calls are sent that would look as
    /// if they came after the first loss.</param>
    /// <returns>Whether other calls were lost at the same time: see <see cref="FaultStreak.NoteLoss"/>.</returns>
    public bool ReportLostConnection(Node node, long sentNanoseconds)
    {
        long nowNanoseconds = time.GetTimestamp() * (1_000_000_000 / time.TimestampFrequency);
        bool isOneOfMany = node.Streak.NoteLoss(sentNanoseconds, nowNanoseconds);
        Report(node, TrafficFault.ConnectionLost);
        return isOneOfMany;
    }

    /// <summary>The node answered a call with its own status. Any thread; never blocks, never allocates.</summary>
    /// <param name="sentNanoseconds">As with <see cref="ReportLostConnection"/>.</param>
    public void ReportAnswer(Node node, int status, long sentNanoseconds)
    {
        bool isServerError = status >= 500;
        node.Streak.NoteAnswer(isServerError, sentNanoseconds);
        if (isServerError)
        {
            Report(node, TrafficFault.ServerError);
        }
    }

    /// <summary>The node is about to take calls (again).</summary>
    /// <param name="outFor">How long it took none; <see cref="TimeSpan.MaxValue"/> if it never did.</param>
    public void ReportReturning(Node node, TimeSpan outFor) => Returning?.Invoke(node, outFor);

    private void Report(Node node, TrafficFault fault) => Faulted?.Invoke(node, fault, node.Streak.Count(fault));

    private void Administer(Node node, AdministrativeState state)
    {
        if (node.Administrative == state)
        {
            return;
        }

        if (state == AdministrativeState.Draining)
        {
            node.DrainedAt = time.GetTimestamp();
        }
        else
        {
            if (node.Operational == OperationalState.Online)
            {
                ReportReturning(node, node.DrainedAt is { } at ? time.GetElapsedTime(at) : TimeSpan.MaxValue);
            }

            node.DrainedAt = null;
        }

        node.Administrative = state;
    }

    private static IEnumerable<NodeEntry> InOrder(IEnumerable<NodeEntry> entries) =>
        entries.DistinctBy(entry => entry.Address).OrderBy(entry => entry.Address.Text, StringComparer.Ordinal);
}
