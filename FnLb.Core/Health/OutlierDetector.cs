using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using FnLb.Core.Nodes;
using Microsoft.Extensions.Logging;

namespace FnLb.Core.Health;

/// <summary>
/// Takes nodes out that live calls cannot connect to, and those on which they fail in a row although checks pass.
/// </summary>
/// <remarks>
/// A call that could not connect takes its node out at once, until a check passes. The loops count faults with one
/// interlocked add each and hand over a node whose streak is long enough; judging is done on a thread of the pool. At
/// most a share of the nodes may be out, by calls and by checks together. When more would be, ejections are waived
/// (panic mode) until the share is kept again: a fault that nearly all nodes show is most likely not theirs, and the
/// few that are left could not carry the calls. Nor does a call that could not connect take out a node then, or by
/// which the share would be exceeded: the node is used until its check, which is made at once, fails too. That is
/// panic as well, but waives no ejection, since the node is in use. A node whose own check fails stays out even then.
/// </remarks>
internal sealed class OutlierDetector : IAsyncDisposable
{
    private readonly NodeDirectory _directory;
    private readonly OutlierOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<Node> _ejected;
    private readonly Action<Node> _recount;
    private readonly Lock _judging = new();

    // Members alone; kept after their end until time in service has made up for them.
    private readonly Dictionary<Node, Ejection> _ejections = [];

    // When each ends, and then when it is made up for. One that another has replaced is passed over.
    private readonly PriorityQueue<(Node Node, Ejection Ejection), long> _ends = new();

    // Held to count who is out and to take more out; taken last. Loops wait for it, so nothing is logged under it, and
    // no check may look at every node.
    private readonly Lock _leaving = new();
    private readonly OutTally _tally = new();

    // Unbounded in type only: a node is in it once for each full streak of faults.
    private readonly Channel<Suspicion> _suspects =
        Channel.CreateUnbounded<Suspicion>(new UnboundedChannelOptions { SingleReader = true });

    private Task _running = Task.CompletedTask;
    private volatile bool _isPanicking;
    private volatile bool _isWaiving;
    private long _ejectionCount;

    /// <param name="ejected">Called after a node was judged, outside of any lock.</param>
    public OutlierDetector(
        NodeDirectory directory, OutlierOptions options, TimeProvider time, ILogger logger, Action<Node> ejected)
    {
        _directory = directory;
        _options = options;
        _time = time;
        _logger = logger;
        _ejected = ejected;
        _recount = Recount;
        _directory.MembershipChanged += Follow;
        Follow(_directory.Nodes);
    }

    /// <summary>Whether nodes that calls fail on are used, because too many would be out.</summary>
    public bool IsPanicking => _isPanicking;

    /// <summary>How often a node was ejected.</summary>
    public long Ejections => Volatile.Read(ref _ejectionCount);

    public void Start()
    {
        _directory.Faulted += OnFault;
        _running = Task.Run(JudgeAllAsync);
    }

    /// <summary>What is left of the node's ejection; zero when there is none.</summary>
    public TimeSpan EjectedFor(Node node, out string reason)
    {
        lock (_judging)
        {
            _ejections.TryGetValue(node, out Ejection? ejection);
            reason = ejection?.Reason ?? "";
            return ejection is null ? TimeSpan.Zero : Left(ejection);
        }
    }

    /// <summary>Whether a node whose checks pass may take calls now.</summary>
    public bool MayReturn(Node node) => _isWaiving || EjectedFor(node, out _) == TimeSpan.Zero;

    /// <summary>
    /// Takes a node out that a call could not connect to, while that leaves enough. On an event loop; allocates
    /// nothing, and takes a lock only while the node is in service and nobody panics.
    /// </summary>
    public void TakeOut(Node node)
    {
        if (_isPanicking || node.Operational != OperationalState.Online)
        {
            return;
        }

        // Two loops that count at once would both find room for one more.
        lock (_leaving)
        {
            OutCounts counts = _tally.Counts;
            OutCounts own = _tally.Of(node);
            int isOut = counts.NotOnline + own.Counted - own.NotOnline;
            if (isOut <= counts.Counted * _options.OutShareMax)
            {
                node.TryChange(OperationalState.Online, OperationalState.Offline);
            }
        }
    }

    /// <summary>A call could not connect to a node, and a check is to say whether others can.</summary>
    public void Doubt(Node node)
    {
        lock (_leaving)
        {
            if (node.Operational == OperationalState.Online)
            {
                _tally.SetDoubted(node, isDoubted: true);
            }
        }

        Review();
    }

    /// <summary>A node was checked: decides anew whether ejections hold.</summary>
    public void NoteCheck(Node node)
    {
        lock (_leaving)
        {
            _tally.SetDoubted(node, isDoubted: false);
        }

        Review();
    }

    /// <summary>Decides anew whether ejections hold: a node changed its state, or the membership changed.</summary>
    public void Review()
    {
        IReadOnlyList<Node> returned;
        lock (_judging)
        {
            returned = Settle();
        }

        Announce(returned);
    }

    /// <summary>Ejects a node unless it is ejected already or has left.</summary>
    public void Judge(Suspicion suspicion)
    {
        Node node = suspicion.Node;
        IReadOnlyList<Node> returned;
        lock (_judging)
        {
            node.Streak.Restart();
            _ejections.TryGetValue(node, out Ejection? last);
            if (!TryEject(node, last, suspicion.Reason, out Ejection? ejection))
            {
                return;
            }

            _ejectionCount++;
            node.LastFailure = new NodeFailure(suspicion.Reason, _time.GetUtcNow());
            returned = Settle();
            HealthLog.Ejected(_logger, node.Address.Text, ejection.Duration, suspicion.Reason);
        }

        Announce(returned);
        _ejected(node);
    }

    public async ValueTask DisposeAsync()
    {
        _directory.Faulted -= OnFault;
        _directory.MembershipChanged -= Follow;
        _suspects.Writer.TryComplete();
        await _running.ConfigureAwait(false);
    }

    // On an event loop. Equal, not at least: a streak is handed over once, and the judge restarts it.
    private void OnFault(Node node, TrafficFault fault, int inARow)
    {
        int limit = fault == TrafficFault.ServerError ? _options.ServerErrorsToEject : _options.FailuresToEject;
        if (inARow == limit)
        {
            _suspects.Writer.TryWrite(new Suspicion(node, fault, inARow));
        }
    }

    private async Task JudgeAllAsync()
    {
        await foreach (Suspicion suspicion in _suspects.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            Judge(suspicion);
        }
    }

    private TimeSpan Left(Ejection ejection)
    {
        long now = _time.GetTimestamp();
        return ejection.Until > now ? _time.GetElapsedTime(now, ejection.Until) : TimeSpan.Zero;
    }

    private bool TryEject(Node node, Ejection? last, string reason, [NotNullWhen(true)] out Ejection? ejection)
    {
        ejection = null;
        lock (_leaving)
        {
            if (_tally.IsMember(node) && (last is null || Left(last) == TimeSpan.Zero))
            {
                ejection = Ejection.After(last, reason, _options, _time);
                _ejections[node] = ejection;
                _ends.Enqueue((node, ejection), ejection.Until);
                _tally.SetEjected(node, isEjected: true);
            }
        }

        return ejection is not null;
    }

    // The list given may be older than that of now, while the detector is made.
    private void Follow(IReadOnlyList<Node> _)
    {
        lock (_judging)
        {
            lock (_leaving)
            {
                HashSet<Node> present = [.. _directory.Nodes];
                foreach (Node gone in _tally.MembersBeside(present))
                {
                    gone.StateChanged -= _recount;
                    _tally.Remove(gone);
                    _ejections.Remove(gone);
                }

                foreach (Node node in present)
                {
                    if (_tally.TryAdd(node))
                    {
                        node.StateChanged += _recount;
                        _tally.Recount(node);
                    }
                }
            }
        }
    }

    private void Recount(Node node)
    {
        lock (_leaving)
        {
            _tally.Recount(node);
        }
    }

    // Not under the lock: handlers have locks of their own.
    private void Announce(IReadOnlyList<Node> returned)
    {
        foreach (Node node in returned)
        {
            _directory.ReportReturning(node, TimeSpan.Zero);
        }
    }

    /// <returns>The nodes that take calls again because ejections are waived.</returns>
    private IReadOnlyList<Node> Settle()
    {
        OutCounts counts;
        bool panics;
        IReadOnlyList<Node> returned;
        lock (_leaving)
        {
            EndEjections();
            counts = _tally.Counts;
            double outMax = counts.Counted * _options.OutShareMax;
            panics = counts.Ejected + counts.Doubted > 0 && counts.Out + counts.Doubted > outMax;

            // A node that is only doubted is in use.
            _isWaiving = counts.Ejected > 0 && counts.Out > outMax;
            returned = Enforce();
        }

        if (panics != _isPanicking)
        {
            _isPanicking = panics;
            Action<ILogger, int, int> report = panics ? HealthLog.PanicBegins : HealthLog.PanicEnds;
            report(_logger, counts.Out + counts.Doubted, counts.Counted);
        }

        return returned;
    }

    // Under both locks.
    private void EndEjections()
    {
        long now = _time.GetTimestamp();
        while (_ends.TryPeek(out (Node Node, Ejection Ejection) ended, out long at) && at <= now)
        {
            _ends.Dequeue();
            if (!_ejections.TryGetValue(ended.Node, out Ejection? last) || !ReferenceEquals(last, ended.Ejection))
            {
                continue;
            }

            _tally.SetEjected(ended.Node, isEjected: false);
            long madeUpForAt = last.MadeUpForAt(_options, _time);
            if (madeUpForAt <= now && ended.Node.Operational != OperationalState.Ejected)
            {
                _ejections.Remove(ended.Node);
                continue;
            }

            // A node that still waits for a check is asked why it is out.
            _ends.Enqueue(ended, long.Max(madeUpForAt, now + _time.TimestampFrequency));
        }
    }

    private IReadOnlyList<Node> Enforce()
    {
        IReadOnlyList<Node> contrary = _tally.EjectedNodes(isInService: !_isWaiving);
        if (_isWaiving && contrary.Count > 0)
        {
            return [.. contrary.Where(node => node.TryChange(OperationalState.Ejected, OperationalState.Online))];
        }

        foreach (Node node in contrary)
        {
            node.TryChange(OperationalState.Online, OperationalState.Ejected);
        }

        return [];
    }
}
