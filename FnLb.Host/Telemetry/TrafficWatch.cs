using FnLb.Core.Routing;
using FnLb.Core.Telemetry;
using FnLb.Host.Admin;

namespace FnLb.Host.Telemetry;

/// <summary>All that is derived from the traffic, second by second, and those who show it.</summary>
internal sealed class TrafficWatch
{
    private const int ChooseSeconds = 10;

    private readonly TrafficView _traffic;
    private readonly RecentLatencies _latencies;
    private readonly RecentFailures _failures;
    private readonly TrafficHistory _history = new();
    private readonly ScaleWatch _scale;
    private readonly int _topMax;
    private long _failed;

    /// <param name="scaleTarget">Share of the capacity that should be used.</param>
    /// <param name="topMax">Functions with histograms of their own.</param>
    public TrafficWatch(ClusterView cluster, TrafficView traffic, Router router, double scaleTarget, int topMax)
    {
        _traffic = traffic;
        _topMax = topMax;
        _latencies = new RecentLatencies(traffic);
        _failures = new RecentFailures(traffic);
        ScaleAdvisor advisor = new(scaleTarget);
        _scale = new ScaleWatch(traffic, router, advisor);
        View = new LiveView(cluster, traffic, router, _history, _latencies, _failures, advisor);
        Feed = new EventFeed(View);
        Metrics = new MetricsPage(cluster, traffic, router, _history, advisor);
    }

    public LiveView View { get; }

    public EventFeed Feed { get; }

    public MetricsPage Metrics { get; }

    /// <summary>Takes up every second that all loops have published since the last time. One thread.</summary>
    /// <returns>The functions that are to have histograms, when it is time to choose them anew; else null.</returns>
    public HashSet<string>? CatchUp()
    {
        long last = _traffic.PublishedSecond;
        long before = _history.LastSecond;
        if (last == before || last == 0)
        {
            return null;
        }

        // More than a minute, or less than nothing, is a clock that was set.
        long missed = last - before;
        long first = missed is > 0 and <= StatsWindow.SecondsMax ? before + 1 : last;
        StatsRow[] rows = [.. _traffic.Seconds(first, last).Select(second => TrafficHistory.Sum(second.Rows))];
        Add(rows, first);
        _scale.Add(rows);
        _failures.Add();
        if (IsDue(RecentLatencies.RotateSeconds, before, last))
        {
            _latencies.Rotate();
        }

        Feed.Publish();
        return IsDue(ChooseSeconds, before, last) ? ChooseTop(last) : null;
    }

    /// <inheritdoc cref="TrafficView.Names"/>
    public Dictionary<ulong, string> Names() => _traffic.Names(_history.LastSecond);

    // The first second is no reason: what came before it is as recent.
    private static bool IsDue(int everySeconds, long before, long last) =>
        before > 0 && last / everySeconds != before / everySeconds;

    private void Add(StatsRow[] rows, long firstSecond)
    {
        long failed = _traffic.Read(Counter.OwnAnswersUnavailable) + _traffic.Read(Counter.OwnAnswersNodeFailed)
            + _traffic.Read(Counter.OwnAnswersNodeTooSlow);
        long difference = failed - _failed;
        _failed = failed;
        LatencySnapshot recent = _latencies.Total;
        double p50 = recent.Quantile(0.5);
        double p99 = recent.Quantile(0.99);
        _history.Add([.. rows.Select((row, index) => new HistorySecond(
            firstSecond + index, row,
            (difference * (index + 1) / rows.Length) - (difference * index / rows.Length),
            row.Calls > 0 ? p50 : 0,
            row.Calls > 0 ? p99 : 0))]);
    }

    private HashSet<string> ChooseTop(long lastSecond)
    {
        HashSet<string> incumbents = _traffic.Meters.SelectMany(meter => meter.Top)
            .Select(function => function.Name)
            .ToHashSet(StringComparer.Ordinal);
        return TopFunctions.Choose(
            _traffic.Window(lastSecond).SelectMany(second => second.Rows), incumbents, _topMax);
    }
}
