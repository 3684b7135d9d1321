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

    /// <summary>Timers may be early: they cut off fractions of a ms, and may run on a coarse clock.</summary>
    private static readonly TimeSpan TimerSlack = TimeSpan.FromMilliseconds(20);

    private readonly Node _node;
    private readonly WatchContext _context;
    private readonly NodeResolver _resolver;
    private readonly AddressTrial _trial;
    private readonly CheckSchedule _schedule;
    private readonly HealthThresholds _thresholds;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _firstCheck = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Holds one wake-up at most: many reasons to check are one check.
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private long _outSince;
    private bool _wasOnline;
    private OperationalState _reported = OperationalState.Unknown;
    private int _connectFailures;
    private int _connectFailuresSeen;
    private bool _hasAddressFailed;
    private bool _isAsked;

    // The loop alone uses them. The next check falls so long after the end of the last, whatever wakes it between.
    private long _lastCheckEnded;
    private TimeSpan _untilCheck = TimeSpan.Zero;
    private bool _isHeldBack;
    private Task _running = Task.CompletedTask;

    public NodeWatch(Node node, WatchContext context)
    {
        HealthOptions options = context.Options;
        _node = node;
        _context = context;
        _resolver = new NodeResolver(node, context);
        _trial = new AddressTrial(node.Address, context);
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
        CheckNow();
    }

    /// <summary>
    /// Says that a live call could not connect to one of several addresses: the name is looked up anew, and a check
    /// finds the address that works. Any thread; never blocks.
    /// </summary>
    public void ReportAddressFailure()
    {
        Volatile.Write(ref _hasAddressFailed, true);
        CheckNow();
    }

    /// <summary>Asks for a check as soon as one may be made. Any thread; never blocks.</summary>
    public void CheckNow()
    {
        Volatile.Write(ref _isAsked, true);
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
                bool isCheckDue = Interlocked.Exchange(ref _isAsked, false) || UntilCheck() <= TimerSlack;
                if (!isCheckDue && !await LookUpAsync(stop).ConfigureAwait(false))
                {
                    Arm(timer);
                    continue;
                }

                await CheckAsync(stop).ConfigureAwait(false);
                _firstCheck.TrySetResult();
                _untilCheck = UntilNext();
                _lastCheckEnded = _context.Time.GetTimestamp();
                Arm(timer);
                await Task.Delay(gap, _context.Time, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The node left the cluster, or the process ends.
        }

        _firstCheck.TrySetResult();
    }

    /// <returns>Whether that may have mended the node, so that a check is worth while.</returns>
    private async ValueTask<bool> LookUpAsync(CancellationToken stop)
    {
        EndPoint[] before = _node.EndPoints;
        await _resolver.RefreshAsync(lastCheckFailed: false, stop).ConfigureAwait(false);
        return _node.EndPoints != before && _node.Operational != OperationalState.Online;
    }

    // A name is to be fresh however seldom its node is checked. A lookup is never due early, so its timer may be late.
    private void Arm(ITimer timer)
    {
        TimeSpan untilCheck = UntilCheck();
        TimeSpan untilLookup = _resolver.UntilDue;
        TimeSpan wait = untilLookup < untilCheck ? untilLookup + TimerSlack : untilCheck;
        timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan UntilCheck() => _untilCheck - _context.Time.GetElapsedTime(_lastCheckEnded);

    // An ejection ends with a check, and may be much shorter than the interval. One that ended after the check found
    // that it holds would leave the node out until the next.
    private TimeSpan UntilNext()
    {
        // The check that has just ended may have been that of an instant still to come.
        TimeSpan next = _schedule.UntilNext();
        TimeSpan regular = next > TimerSlack ? next : next + _context.Options.Interval;
        TimeSpan ejected = _context.Outliers.EjectedFor(_node, out _);
        bool isHeldBack = _isHeldBack || ejected > TimeSpan.Zero;
        return isHeldBack && ejected + TimerSlack < regular ? ejected + TimerSlack : regular;
    }

    private async Task CheckAsync(CancellationToken stop)
    {
        bool hasFailed = NoteConnectFailures() || _thresholds.Failures > 0 || Volatile.Read(ref _hasAddressFailed);
        Volatile.Write(ref _hasAddressFailed, false);
        string? reason;
        try
        {
            reason = await _resolver.RefreshAsync(hasFailed, stop).ConfigureAwait(false)
                ?? await TryAddressesAsync(stop).ConfigureAwait(false);
        }
        catch (CheckImpossibleException e)
        {
            HealthLog.CheckImpossible(_context.Logger, _node.Address.Text, e.Message);
            return;
        }

        // A check that began before a call failed and passes proves nothing: the failure has asked for another.
        if (!NoteConnectFailures() || reason is not null)
        {
            Apply(reason);
        }
    }

    // A name whose present address fails is worth no less if another of its addresses works: all are tried in one
    // check, and the first that passes takes the calls.
    private Task<string?> TryAddressesAsync(CancellationToken stop) =>
        _trial.RunAsync(_node.EndPoints, _resolver.Use, stop);

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
        _thresholds.Doubt();
        _context.Outliers.Doubt(_node);
        const string reason = "a call could not connect";
        _node.LastFailure = new NodeFailure(reason, _context.Time.GetUtcNow());
        Report(reason);
        return true;
    }

    private void Apply(string? reason)
    {
        OperationalState before = _node.Operational;
        bool wasDoubted = _thresholds.IsDoubted;
        bool mayReturn = _context.Outliers.MayReturn(_node);
        OperationalState after = _thresholds.Count(before, passed: reason is null, mayReturn);
        _isHeldBack = !mayReturn && after == OperationalState.Ejected;
        if (reason is not null)
        {
            _node.LastFailure = new NodeFailure(reason, _context.Time.GetUtcNow());
            HealthLog.CheckFailed(_context.Logger, _node.Address.Text, reason);
        }

        if (after == OperationalState.Online && (before != after || (wasDoubted && reason is null)))
        {
            TimeSpan outFor = before == after ? TimeSpan.Zero
                : _wasOnline ? _context.Time.GetElapsedTime(_outSince)
                : TimeSpan.MaxValue;
            _context.Directory.ReportReturning(_node, outFor);
        }

        _node.TryChange(before, after);
        _context.Outliers.NoteCheck(_node);
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
            _outSince = _reported == OperationalState.Online ? _context.Time.GetTimestamp() : _outSince;
            _wasOnline |= state == OperationalState.Online;
            _reported = state;
        }
    }
}
