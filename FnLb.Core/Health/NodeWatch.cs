using System.Net;
using System.Threading.Channels;
using FnLb.Core.Nodes;
using Microsoft.Extensions.Logging;

namespace FnLb.Core.Health;

/// <summary>Checks a node while it is a member: at once, each interval, and when a call could not connect.</summary>
/// <remarks>One loop does all checks of the node, so two can never overlap, whatever asks for them.</remarks>
internal sealed class NodeWatch : IAsyncDisposable
{
    /// <summary>Between the end of a check and the next, so that a failing node under load is not hammered.</summary>
    private static readonly TimeSpan GapMax = TimeSpan.FromMilliseconds(500);

    private readonly Node _node;
    private readonly WatchContext _context;
    private readonly NodeResolver _resolver;
    private readonly CheckSchedule _schedule;
    private readonly HealthThresholds _thresholds;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _firstCheck = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Holds one wake-up at most: many reasons to check are one check.
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private OperationalState _reported = OperationalState.Unknown;
    private int _connectFailures;
    private int _connectFailuresSeen;
    private Task _running = Task.CompletedTask;

    public NodeWatch(Node node, WatchContext context)
    {
        HealthOptions options = context.Options;
        _node = node;
        _context = context;
        _resolver = new NodeResolver(node, context);
        _schedule = new CheckSchedule(node.Address, options.Interval, context.Origin, context.Time);
        _thresholds = new HealthThresholds(options.FailuresToOffline, options.SuccessesToOnline);
    }

    /// <summary>Completes with the first check, or when the node leaves before.</summary>
    public Task FirstCheck => _firstCheck.Task;

    public void Start() => _running = Task.Run(() => RunAsync(_stop.Token));

    /// <summary>Says that a live call could not connect. Any thread; never blocks.</summary>
    public void ReportConnectFailure()
    {
        Interlocked.Increment(ref _connectFailures);
        _due.Writer.TryWrite(true);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        using ITimer timer = _context.Time.CreateTimer(
            _ => _due.Writer.TryWrite(true), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        TimeSpan half = _context.Options.Interval / 2;
        TimeSpan gap = half < GapMax ? half : GapMax;
        try
        {
            while (true)
            {
                await _due.Reader.ReadAsync(stop).ConfigureAwait(false);
                await CheckAsync(stop).ConfigureAwait(false);
                _firstCheck.TrySetResult();
                timer.Change(_schedule.UntilNext(), Timeout.InfiniteTimeSpan);
                await Task.Delay(gap, _context.Time, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The node left the cluster, or the process ends.
        }

        _firstCheck.TrySetResult();
    }

    private async Task CheckAsync(CancellationToken stop)
    {
        bool hasFailed = NoteConnectFailures() || _thresholds.Failures > 0;
        string? reason = await _resolver.RefreshAsync(hasFailed, stop).ConfigureAwait(false);
        if (reason is null && _node.EndPoint is EndPoint endPoint)
        {
            reason = await _context.Probe.CheckAsync(_node.Address, endPoint, stop).ConfigureAwait(false);
        }

        // A check that began before a call failed proves nothing: the failure has asked for another.
        if (!NoteConnectFailures())
        {
            Apply(reason);
        }
    }

    /// <summary>A refused call outweighs the successes before it.</summary>
    /// <returns>Whether calls could not connect since the last time.</returns>
    private bool NoteConnectFailures()
    {
        int failures = Volatile.Read(ref _connectFailures);
        if (failures == _connectFailuresSeen)
        {
            return false;
        }

        _connectFailuresSeen = failures;
        _thresholds.Reset();
        const string reason = "a call could not connect";
        _node.LastFailure = new NodeFailure(reason, _context.Time.GetUtcNow());
        Report(reason);
        return true;
    }

    private void Apply(string? reason)
    {
        OperationalState before = _node.Operational;
        OperationalState after = _thresholds.Count(before, passed: reason is null);
        if (reason is not null)
        {
            _node.LastFailure = new NodeFailure(reason, _context.Time.GetUtcNow());
            HealthLog.CheckFailed(_context.Logger, _node.Address.Text, reason);
        }

        _node.TryChange(before, after);
        Report(reason switch
        {
            null => $"checks passed in a row: {_thresholds.Successes}",
            _ => $"checks failed in a row: {_thresholds.Failures}; the last: {reason}",
        });
    }

    private static string Word(OperationalState state) => state.ToString().ToLowerInvariant();

    private void Report(string reason)
    {
        OperationalState state = _node.Operational;
        if (state != _reported)
        {
            HealthLog.StateChanged(_context.Logger, _node.Address.Text, Word(state), Word(_reported), reason);
            _reported = state;
        }
    }
}
