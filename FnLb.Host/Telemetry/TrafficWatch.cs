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
        ScaleAdvisor advisor = new(scaleTarget);
        _scale = new ScaleWatch(traffic, router, advisor);
        View = new LiveView(cluster, traffic, router, _history, _latencies, advisor);
        Feed = new EventFeed(View);
        Metrics = new MetricsPage(cluster, traffic, router, _history, advisor);
    }

    public LiveView View { get; }

    public EventFeed Feed { get; }

    public MetricsPage Metrics { get; }

    /// <summary>A second is over, and the loops have published it. One thread.</summary>
    /// <returns>The functions that are to have histograms, when it is time to choose them anew; else null.</returns>
    public HashSet<string>? EndSecond(long unixSecond)
    {
        long failed = _traffic.Read(Counter.OwnAnswersUnavailable) + _traffic.Read(Counter.OwnAnswersNodeFailed)
            + _traffic.Read(Counter.OwnAnswersNodeTooSlow);
        StatsRow row = TrafficHistory.Sum(_traffic.Second(unixSecond).Rows);
        _history.Add(new HistorySecond(unixSecond, row, failed - _failed));
        _failed = failed;
        _scale.Add(row);
        if (unixSecond % RecentLatencies.RotateSeconds == 0)
        {
            _latencies.Rotate();
        }

        Feed.Publish(unixSecond);
        return unixSecond % ChooseSeconds == 0 ? ChooseTop(unixSecond) : null;
    }

    private HashSet<string> ChooseTop(long unixSecond)
    {
        HashSet<string> incumbents = _traffic.Meters.SelectMany(meter => meter.Top)
            .Select(function => function.Name)
            .ToHashSet(StringComparer.Ordinal);
        return TopFunctions.Choose(
            _traffic.Window(unixSecond + 1).SelectMany(second => second.Rows), incumbents, _topMax);
    }
}
