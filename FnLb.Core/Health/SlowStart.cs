using FnLb.Core.Nodes;

namespace FnLb.Core.Health;

/// <summary>Gives a node that comes (back) its share of the functions in ten steps instead of at once.</summary>
/// <remarks>
/// Its containers are cold: with all its route keys at once every call would start one. The rank weight rises, so each
/// step moves a tenth of the keys and they stay. The steps of all nodes fall on one grid of the clock, so that nodes
/// that come together always weigh alike. The first health round of the balancer moves nothing: then all nodes are new
/// to it, and may well be warm.
/// </remarks>
public sealed class SlowStart : IDisposable
{
    private const int Steps = 10;

    /// <summary>
    /// A node that was out for less, such as for one refused connection, still has its containers.
    /// </summary>
    private static readonly TimeSpan BlipMax = TimeSpan.FromSeconds(2);

    private readonly NodeDirectory _directory;
    private readonly Func<bool> _isSettled;
    private readonly Action<IReadOnlyList<Node>, IReadOnlyList<double>?> _publish;
    private readonly TimeProvider _time;
    private readonly TimeSpan _step;
    private readonly long _origin;
    private readonly ITimer _timer;
    private readonly Lock _changing = new();

    // Steps since the origin at which a node's rise begins.
    private readonly Dictionary<Node, long> _rising = [];

    /// <param name="duration">From the first tenth to the whole weight; zero turns it off.</param>
    /// <param name="isSettled">Whether the first health round is over.</param>
    /// <param name="publish">Takes the members and the effective weight of each; null for their own weights.</param>
    public SlowStart(
        NodeDirectory directory, TimeSpan duration, Func<bool> isSettled,
        Action<IReadOnlyList<Node>, IReadOnlyList<double>?> publish, TimeProvider time)
    {
        _directory = directory;
        _isSettled = isSettled;
        _publish = publish;
        _time = time;
        _step = duration / Steps;
        _origin = time.GetTimestamp();
        _timer = time.CreateTimer(_ => OnStep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (duration > TimeSpan.Zero)
        {
            directory.Returning += OnReturning;
            directory.MembershipChanged += OnMembershipChanged;
        }
    }

    /// <summary>The part of its weight that a node has now, above 0 to 1.</summary>
    public double PartOf(Node node)
    {
        lock (_changing)
        {
            return Part(node);
        }
    }

    public void Dispose()
    {
        _directory.Returning -= OnReturning;
        _directory.MembershipChanged -= OnMembershipChanged;
        _timer.Dispose();
    }

    private void OnReturning(Node node, TimeSpan outFor)
    {
        // Where nobody else takes calls there is nobody to leave the keys with.
        bool hasOthers = _directory.Nodes.Any(other => other != node && other.IsPlaceable);
        if (!_isSettled() || outFor < BlipMax || !hasOthers)
        {
            return;
        }

        lock (_changing)
        {
            _rising[node] = StepNow() + 1;
            PublishAndSchedule();
        }
    }

    private void OnMembershipChanged(IReadOnlyList<Node> nodes)
    {
        lock (_changing)
        {
            if (_rising.Count > 0)
            {
                PublishAndSchedule();
            }
        }
    }

    private void OnStep()
    {
        lock (_changing)
        {
            PublishAndSchedule();
        }
    }

    private void PublishAndSchedule()
    {
        IReadOnlyList<Node> nodes = _directory.Nodes;
        foreach (Node done in _rising.Keys.Where(node => Part(node) >= 1 || !nodes.Contains(node)).ToList())
        {
            _rising.Remove(done);
        }

        _publish(nodes, _rising.Count == 0 ? null : [.. nodes.Select(node => node.Weight * Part(node))]);
        TimeSpan untilNext = (_step * (StepNow() + 1)) - _time.GetElapsedTime(_origin);
        _timer.Change(_rising.Count == 0 ? Timeout.InfiniteTimeSpan : Later(untilNext), Timeout.InfiniteTimeSpan);
    }

    // A timer that is early would find the step unchanged.
    private static TimeSpan Later(TimeSpan span) => span + TimeSpan.FromMilliseconds(1);

    private double Part(Node node) => _rising.TryGetValue(node, out long begin)
        ? Math.Clamp((StepNow() - begin + 1) / (double)Steps, 1.0 / Steps, 1)
        : 1;

    private long StepNow() => _time.GetElapsedTime(_origin).Ticks / Math.Max(1, _step.Ticks);
}
