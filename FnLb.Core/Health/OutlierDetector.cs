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
    private readonly Lock _judging = new();

    // Held to count who is out and to take more out; taken last. Loops wait for it, so nothing is logged under it.
    private readonly Lock _leaving = new();
    private readonly Dictionary<Node, Ejection> _ejections = [];

    // Calls could not connect to them, but too many were out already: no check has said more yet.
    private readonly HashSet<Node> _doubted = [];

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
            IReadOnlyList<Node> members = _directory.Nodes;
            int counted = 0;
            int isOut = 0;
            for (int i = 0; i < members.Count; i++)
            {
                Node member = members[i];
                if (IsCounted(member))
                {
                    counted++;
                    isOut += member == node || member.Operational != OperationalState.Online ? 1 : 0;
                }
            }

            if (isOut <= counted * _options.OutShareMax)
            {
                node.TryChange(OperationalState.Online, OperationalState.Offline);
            }
        }
    }

    /// <summary>A call could not connect to a node, and a check is to say whether others can.</summary>
    public void Doubt(Node node)
    {
        lock (_judging)
        {
            if (node.Operational == OperationalState.Online)
            {
                _doubted.Add(node);
            }
        }

        Review();
    }

    /// <summary>A node was checked: decides anew whether ejections hold.</summary>
    public void NoteCheck(Node node)
    {
        lock (_judging)
        {
            _doubted.Remove(node);
        }

        Review();
    }

    /// <summary>Decides anew whether ejections hold: a node changed its state, or the membership changed.</summary>
    public void Review()
    {
        List<Node> returned = [];
        lock (_judging)
        {
            if (_ejections.Count > 0 || _doubted.Count > 0 || _isPanicking)
            {
                Settle(returned);
            }
        }

        Announce(returned);
    }

    /// <summary>Ejects a node unless it is ejected already or has left.</summary>
    public void Judge(Suspicion suspicion)
    {
        Node node = suspicion.Node;
        List<Node> returned = [];
        lock (_judging)
        {
            node.Streak.Restart();
            _ejections.TryGetValue(node, out Ejection? last);
            if (!_directory.Nodes.Contains(node) || (last is not null && Left(last) > TimeSpan.Zero))
            {
                return;
            }

            Ejection ejection = Ejection.After(last, suspicion.Reason, _options, _time);
            _ejections[node] = ejection;
            _ejectionCount++;
            node.LastFailure = new NodeFailure(suspicion.Reason, _time.GetUtcNow());
            Settle(returned);
            HealthLog.Ejected(_logger, node.Address.Text, ejection.Duration, suspicion.Reason);
        }

        Announce(returned);
        _ejected(node);
    }

    public async ValueTask DisposeAsync()
    {
        _directory.Faulted -= OnFault;
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

    private bool IsEjected(Node node) => _ejections.TryGetValue(node, out Ejection? last) && Left(last) > TimeSpan.Zero;

    // Those that drain are out by the operator's will, and those not yet checked cannot be judged.
    private static bool IsCounted(Node node) =>
        node.Administrative == AdministrativeState.Active && node.Operational != OperationalState.Unknown;

    // Not under the lock: handlers have locks of their own.
    private void Announce(List<Node> returned)
    {
        foreach (Node node in returned)
        {
            _directory.ReportReturning(node, TimeSpan.Zero);
        }
    }

    /// <param name="returned">Receives the nodes that take calls again because ejections are waived.</param>
    private void Settle(List<Node> returned)
    {
        IReadOnlyList<Node> members = _directory.Nodes;
        foreach (Node gone in _ejections.Keys.Except(members).ToList())
        {
            _ejections.Remove(gone);
        }

        _doubted.IntersectWith(members);
        int counted;
        int wouldBeOut;
        bool panics;
        lock (_leaving)
        {
            List<Node> judged = [.. members.Where(IsCounted)];
            counted = judged.Count;
            double outMax = counted * _options.OutShareMax;
            int ejected = judged.Count(IsEjected);
            int isOut = judged.Count(IsOut);
            int doubted = judged.Count(node => _doubted.Contains(node) && !IsOut(node));
            wouldBeOut = isOut + doubted;
            panics = ejected + doubted > 0 && wouldBeOut > outMax;

            // A node that is only doubted is in use.
            _isWaiving = ejected > 0 && isOut > outMax;
            Enforce(members, returned);
        }

        if (panics != _isPanicking)
        {
            _isPanicking = panics;
            Action<ILogger, int, int> report = panics ? HealthLog.PanicBegins : HealthLog.PanicEnds;
            report(_logger, wouldBeOut, counted);
        }
    }

    private void Enforce(IReadOnlyList<Node> members, List<Node> returned)
    {
        foreach (Node node in members.Where(IsEjected))
        {
            if (!_isWaiving)
            {
                node.TryChange(OperationalState.Online, OperationalState.Ejected);
            }
            else if (node.TryChange(OperationalState.Ejected, OperationalState.Online))
            {
                returned.Add(node);
            }
        }
    }

    private bool IsOut(Node node) => IsEjected(node) || node.Operational == OperationalState.Offline;
}
