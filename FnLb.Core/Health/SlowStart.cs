using FnLb.Core.Nodes;

namespace FnLb.Core.Health;

/// <summary>Gives a node that comes (back) its share of the functions in ten steps instead of at once.</summary>
/// <remarks>
/// Its containers are cold: with all its route keys at once every call would start one. The rank weight rises, so each
/// step moves a tenth of the keys and they stay. The steps of all nodes fall on one grid of the clock, so that nodes
/// that come together always weigh alike. The first health round of the balancer moves nothing: then all nodes are new
/// to it, and may well be warm. The share is the node's, and the directory announces it as any other weight: no list of
/// nodes is kept here that could be older than its own. An announcement costs as much as there are nodes: those that
/// come at almost the same time are announced together, and take no calls before, as their whole weight would count.
/// </remarks>
public sealed class SlowStart : IDisposable
{
    private const int Steps = 10;

    /// <summary>
    /// A node that was out for less still has its containers, unless calls were lost on it: then its process may have
    /// died, and starts within less. No more than this, as an operator who drains a node to start it anew needs little
    /// longer; a warm node that starts slowly costs less than a cold one that does not.
    /// </summary>
    private static readonly TimeSpan BlipMax = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Between an announcement and the next of nodes that come. Short beside the time that a node was out for; all
    /// nodes of a large cluster that come back within seconds are a few dozen announcements.
    /// </summary>
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(100);

    private readonly NodeDirectory _directory;
    private readonly Func<bool> _isSettled;
    private readonly TimeProvider _time;
    private readonly TimeSpan _step;
    private readonly long _origin;
    private readonly ITimer _timer;
    private readonly Lock _changing = new();

    // Steps since the origin at which a node's rise begins.
    private readonly Dictionary<Node, long> _rising = [];

    // They take calls with the next announcement. Under the lock, as what follows.
    private readonly List<Node> _held = [];
    private bool _isDue;
    private long? _announcedAt;

    // A node that took calls lately, and the members then: most often it still does, so that nobody need search.
    private (IReadOnlyList<Node> Members, Node Node)? _serving;

    /// <param name="duration">From the first tenth to the whole weight; zero turns it off.</param>
    /// <param name="isSettled">Whether nodes that come are new: not in the first health round, nor in panic.</param>
    public SlowStart(NodeDirectory directory, TimeSpan duration, Func<bool> isSettled, TimeProvider time)
    {
        _directory = directory;
        _isSettled = isSettled;
        _time = time;
        _step = duration / Steps;
        _origin = time.GetTimestamp();
        _timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (duration > TimeSpan.Zero)
        {
            directory.Returning += OnReturning;
        }
    }

    public void Dispose()
    {
        _directory.Returning -= OnReturning;
        _timer.Dispose();
        lock (_changing)
        {
            _held.ForEach(node => node.IsHeld = false);
        }
    }

    private void OnReturning(Node node, TimeSpan outFor)
    {
        bool isBlip = outFor < BlipMax && !node.Streak.HasLost;
        if (!_isSettled() || isBlip)
        {
            return;
        }

        lock (_changing)
        {
            // Where nobody else takes calls there is nobody to leave the keys with.
            if (!HasOthers(node))
            {
                return;
            }

            _rising[node] = StepNow() + 1;
            bool waits = _announcedAt is { } at && _time.GetElapsedTime(at) < Together;

            // One that takes calls already goes on with what it has.
            if (waits && !node.IsPlaceable)
            {
                node.IsHeld = true;
                _held.Add(node);
            }

            node.StartShare = 1.0 / Steps;
            _isDue |= waits;
            _announcedAt = waits ? _announcedAt : _time.GetTimestamp();
            Arm();
            if (waits)
            {
                return;
            }
        }

        _directory.AnnounceWeights();
    }

    private bool HasOthers(Node node)
    {
        IReadOnlyList<Node> members = _directory.Nodes;
        if (_serving is not { } last || last.Members != members || last.Node == node || !last.Node.IsPlaceable)
        {
            Node? found = members.FirstOrDefault(other => other != node && other.IsPlaceable);
            _serving = found is null ? null : (members, found);
        }

        return _serving is not null;
    }

    private void OnTimer()
    {
        Node[] announced;
        lock (_changing)
        {
            SetShares();
            announced = [.. _held];
            _held.Clear();
            _isDue = false;
            _announcedAt = _time.GetTimestamp();
            Arm();
        }

        // Not under the lock: who changes the membership holds that of the directory when a node returns.
        _directory.AnnounceWeights();
        foreach (Node node in announced)
        {
            node.IsHeld = false;
        }
    }

    private void SetShares()
    {
        HashSet<Node> members = [.. _directory.Nodes];
        foreach ((Node node, long begin) in _rising)
        {
            node.StartShare = Math.Clamp((StepNow() - begin + 1) / (double)Steps, 1.0 / Steps, 1);
            if (node.StartShare >= 1 || !members.Contains(node))
            {
                _rising.Remove(node);
            }
        }
    }

    private void Arm()
    {
        TimeSpan until = (_step * (StepNow() + 1)) - _time.GetElapsedTime(_origin);
        if (_isDue && _announcedAt is { } at)
        {
            TimeSpan untilDue = Together - _time.GetElapsedTime(at);
            until = untilDue < until ? untilDue : until;
        }

        until = until > TimeSpan.Zero ? until : TimeSpan.Zero;
        _timer.Change(_rising.Count == 0 ? Timeout.InfiniteTimeSpan : Later(until), Timeout.InfiniteTimeSpan);
    }

    // A timer that is early would find the step unchanged.
    private static TimeSpan Later(TimeSpan span) => span + TimeSpan.FromMilliseconds(1);

    private long StepNow() => _time.GetElapsedTime(_origin).Ticks / Math.Max(1, _step.Ticks);
}
