using FnLb.Core.Nodes;
using FnLb.Core.Routing;
using FnLb.Core.Telemetry;
using FnLb.Host.Admin;
using FnLb.Host.Lifecycle;
using FnLb.Host.Stores;

namespace FnLb.Host.Telemetry;

/// <summary>Puts together what is shown of the cluster and its traffic when somebody looks. Any thread.</summary>
internal sealed class LiveView(
    ClusterView cluster,
    TrafficView traffic,
    Router router,
    TrafficHistory history,
    RecentLatencies latencies,
    RecentFailures failures,
    ScaleAdvisor advisor)
{
    /// <summary>Where everybody may change the node list; null when somebody is kept out.</summary>
    public string? OpenAt { get; set; }

    public ScaleAdvice Scale => advisor.Advice;

    /// <summary>The last minute, oldest first.</summary>
    public IReadOnlyList<HistoryRow> History => [.. history.Seconds.Select(Row)];

    /// <summary>The last minute of the nodes and functions that were called most in its last seconds.</summary>
    public BusiestHistory Busiest() => BusiestHistory.Of(traffic, history.LastSecond);

    public ClusterAnswer Cluster()
    {
        ClusterSurvey survey = router.SurveyWarm(Environment.TickCount64);
        return new ClusterAnswer(
            cluster.IsPanicking, survey.EvictedShare, Nodes(survey, new RecentCalls(traffic, history.LastSecond)));
    }

    /// <summary>The rows of the last minute after a second, by time, node and function.</summary>
    /// <remarks>
    /// Only seconds that no loop will add a row to: who asks for what came after the last row misses none.
    /// </remarks>
    public StatsAnswer Stats(long sinceSecond) => new([.. traffic.Window(history.LastSecond)
        .Where(second => second.UnixSecond > sinceSecond)
        .SelectMany(second => second.Rows
            .OrderBy(row => row.Node, StringComparer.Ordinal)
            .ThenBy(row => row.Function, StringComparer.Ordinal)
            .Select(row => Row(second.UnixSecond, row)))]);

    public LiveSnapshot Snapshot()
    {
        long second = history.LastSecond;
        ClusterSurvey survey = router.SurveyWarm(Environment.TickCount64);
        RecentCalls calls = new(traffic, second);
        return new LiveSnapshot
        {
            Second = second,
            Version = ProductVersion.Text,
            OpenAt = OpenAt,
            Row = history.Seconds is [.., { } last] ? Row(last) : null,
            Calls = Calls(),
            Clients = traffic.Clients(),
            Panic = cluster.IsPanicking,
            Scale = advisor.Advice,
            Nodes = Nodes(survey, calls),
            FunctionCount = calls.Functions.Count,
            Functions = calls.Functions,
        };
    }

    /// <summary>What a listener gets: no more functions than it asked for, and where each is at home.</summary>
    /// <inheritdoc cref="LiveSnapshot.Narrow"/>
    public LiveSnapshot Narrow(LiveSnapshot snapshot, int functions, string sought)
    {
        LiveSnapshot narrow = snapshot.Narrow(functions, sought);
        return narrow with { Functions = WithHomes(narrow.Functions), Found = WithHomes(narrow.Found) };
    }

    private List<FunctionView> WithHomes(IReadOnlyList<FunctionView> functions) =>
        [.. functions.Select(function => function with { Home = HomeOf(function.Route) })];

    private string? HomeOf(string? route) =>
        route is not null && RouteView.TryParse(route, out RouteKey key) ? router.HomeOf(key)?.Address.Text : null;

    private static HistoryRow Row(HistorySecond second) => new(
        second.UnixSecond, second.Row.Calls, second.Row.Errors, second.Failed, second.Row.Waits, second.Row.Cold,
        second.Row.Spilled, second.Row.WaitMean,
        second.Row.Calls > 0 ? second.Row.TotalSeconds / second.Row.Calls : 0,
        second.P50,
        second.P99);

    private static StatsAnswerRow Row(long second, in StatsRow row) => new(
        DateTimeOffset.FromUnixTimeSeconds(second).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ"),
        row.Calls,
        row.Node,
        row.Function,
        row.WaitMean ?? 0);

    private CallsView Calls()
    {
        StatsRow row = history.LastRow;
        LatencySnapshot total = latencies.Total;
        LatencySnapshot added = latencies.Added;
        LatencySnapshot wait = latencies.Wait;
        return new CallsView
        {
            PerSecond = row.Calls,
            ErrorsPerSecond = row.Errors,
            FailedPerSecond = history.FailedLastSecond,
            InFlight = router.InFlight,
            P50 = total.Quantile(0.5),
            P99 = total.Quantile(0.99),
            AddedP50 = added.Quantile(0.5),
            AddedP99 = added.Quantile(0.99),
            WaitP50 = wait.Quantile(0.5),
            WaitP99 = wait.Quantile(0.99),
            ColdShare = row.ColdShare,
            SpilledShare = row.Calls > 0 ? (double)row.Spilled / row.Calls : 0,
        };
    }

    private List<NodeView> Nodes(ClusterSurvey survey, RecentCalls calls)
    {
        Dictionary<string, LatencySnapshot> durations = latencies.Nodes();
        ILookup<string, NodeMeter> meters = traffic.Nodes();
        List<NodeView> nodes = [];
        foreach (NodeSurvey learned in survey.Nodes)
        {
            Node node = learned.Node;
            string name = node.Address.Text;
            StatsRow row = calls.Of(name);
            LatencySnapshot? duration = durations.GetValueOrDefault(name);
            nodes.Add(new NodeView
            {
                Node = name,
                State = ClusterView.Word(node.Operational),
                Administrative = NodeRow.Word(node.Administrative),
                Why = cluster.Why(node),
                Weight = learned.Weight,
                InFlight = node.InFlight,
                Limit = learned.Limit,
                IsLimitKnown = learned.IsLimitKnown,
                QueuedShare = learned.QueuedShare,
                WarmContainers = learned.WarmContainers,
                WarmFunctions = learned.WarmFunctions,
                CallsPerSecond = (double)row.Calls / RecentCalls.Seconds,
                ErrorsPerSecond = (double)row.Errors / RecentCalls.Seconds,
                FailuresPerSecond = failures.Of(name),
                Failures = meters[name].Sum(meter => meter.Failures),
                P50 = duration?.Quantile(0.5) ?? 0,
                P99 = duration?.Quantile(0.99) ?? 0,
                WaitMean = row.WaitMean,
            });
        }

        return nodes;
    }
}
