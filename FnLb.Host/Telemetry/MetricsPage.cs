using System.Diagnostics;
using FnLb.Core.Nodes;
using FnLb.Core.Proxy;
using FnLb.Core.Routing;
using FnLb.Core.Telemetry;
using FnLb.Host.Admin;
using FnLb.Host.Lifecycle;
using static FnLb.Host.Telemetry.MetricsText;

namespace FnLb.Host.Telemetry;

/// <summary>What <c>GET /metrics</c> answers: <see cref="MetricCatalog"/> with the values of now.</summary>
internal sealed class MetricsPage(
    ClusterView cluster, TrafficView traffic, Router router, TrafficHistory history, ScaleAdvisor advisor)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly double StartedSeconds =
        (Process.GetCurrentProcess().StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;

    /// <summary>Until when the certificate of the admin listener is good; null without one.</summary>
    public Func<DateTimeOffset?> CertificateExpiry { get; set; } = () => null;

    /// <summary>Calls that drains have cut, in this process and those before it.</summary>
    public Func<int> CallsCut { get; set; } = () => 0;

    private double StatsAgeSeconds
    {
        get
        {
            double now = (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
            return double.Max(now - (history.LastSecond > 0 ? history.LastSecond + 1 : StartedSeconds), 0);
        }
    }

    public byte[] ToBytes()
    {
        MetricsText text = new();
        text.Begin(MetricCatalog.BuildInfo);
        text.Add(Label("version", ProductVersion.Text), 1);
        AddCounters(text);
        AddCalls(text);
        AddScale(text);
        AddNodes(text);
        AddStore(text);
        AddEachNode(text);
        AddNodeHistograms(text);
        AddFunctionHistograms(text);
        AddConnections(text);
        AddProcess(text);
        return text.ToBytes();
    }

    private void AddCounters(MetricsText text)
    {
        foreach (IGrouping<string, CounterInfo> group in CounterCatalog.All.GroupBy(info => info.Name))
        {
            text.Begin(MetricCatalog.Of(group.First()));
            foreach (CounterInfo info in group)
            {
                text.Add(info.Label, traffic.Read(info.Counter));
            }
        }
    }

    private void AddCalls(MetricsText text)
    {
        text.Begin(MetricCatalog.Duration);
        text.AddHistogram("", traffic.Sum(meter => meter.Total), firstPower: 6, lastPower: 29, step: 1);
        text.Begin(MetricCatalog.Added);
        text.AddHistogram("", traffic.Sum(meter => meter.Added), firstPower: 3, lastPower: 20, step: 1);
        text.Begin(MetricCatalog.Wait);
        text.AddHistogram("", traffic.Sum(meter => meter.Wait), firstPower: 6, lastPower: 29, step: 1);
        text.Add(MetricCatalog.InFlight, router.InFlight);
        text.Add(MetricCatalog.RetryBudget, traffic.RetryBudgetLeft());
        text.Add(MetricCatalog.Functions, router.FunctionCount);
        StatsRow minute = history.LastMinute;
        text.Add(MetricCatalog.ColdStartRatio, minute.ColdShare);
        text.Add(MetricCatalog.AffinityRatio, minute.Calls == 0 ? 1 : 1 - ((double)minute.Spilled / minute.Calls));
        text.Add(MetricCatalog.StatsAge, Math.Round(StatsAgeSeconds, 3));
    }

    private void AddScale(MetricsText text)
    {
        ScaleAdvice advice = advisor.Advice;
        text.Add(MetricCatalog.ScaleNodes, advice.Nodes);

        // Until that is known there is no sample: an autoscaler then leaves things as they are.
        text.Begin(MetricCatalog.ScaleRecommended);
        if (advice.Recommended is { } recommended)
        {
            text.Add("", recommended);
        }

        text.Add(MetricCatalog.ScaleUtilisation, advice.Utilisation);
        text.Add(MetricCatalog.ScaleTrend, advice.TrendPerMinute);
        text.Add(MetricCatalog.ScaleCrowded, advice.CrowdedShare);
        text.Add(MetricCatalog.ScaleCold, advice.ColdShare);
        text.Add(MetricCatalog.ScaleHeadroom, advice.HeadroomCallsPerSecond);
    }

    private void AddStore(MetricsText text)
    {
        text.Add(MetricCatalog.StoreUp, cluster.IsStoreUp ? 1 : 0);
        text.Add(MetricCatalog.StoreListAge, Math.Round(cluster.ListAge.TotalSeconds, 3));
        text.Begin(MetricCatalog.RingInfo);
        text.Add(Label("digest", NodeDigest.OfRing(cluster.Nodes)), 1);
        text.Begin(MetricCatalog.HealthInfo);
        text.Add(Label("digest", NodeDigest.OfHealth(cluster.Nodes)), 1);
    }

    private void AddNodes(MetricsText text)
    {
        IReadOnlyList<Node> nodes = cluster.Nodes;
        text.Add(MetricCatalog.EvictedRatio, router.Survey().EvictedShare);
        text.Begin(MetricCatalog.Nodes);
        foreach (OperationalState state in Enum.GetValues<OperationalState>())
        {
            text.Add(Label("state", ClusterView.Word(state)), nodes.Count(node => node.Operational == state));
        }

        int draining = nodes.Count(node => node.Administrative == AdministrativeState.Draining);
        text.Add(MetricCatalog.NodesDraining, draining);
        text.Add(MetricCatalog.NodesPanic, cluster.IsPanicking ? 1 : 0);
        text.Add(MetricCatalog.Ejections, cluster.Ejections);
    }

    private void AddEachNode(MetricsText text)
    {
        text.Begin(MetricCatalog.NodeState);
        foreach (Node node in cluster.Nodes)
        {
            foreach (OperationalState state in Enum.GetValues<OperationalState>())
            {
                string labels = $"{Of(node)},{Label("state", ClusterView.Word(state))}";
                text.Add(labels, node.Operational == state ? 1 : 0);
            }
        }

        ForEach(text, MetricCatalog.NodeUp, cluster.Nodes, Of, node => node.IsPlaceable ? 1 : 0);
        ForEach(text, MetricCatalog.NodeInFlight, cluster.Nodes, Of, node => node.InFlight);
        IReadOnlyList<NodeSurvey> learned = router.SurveyWarm(Environment.TickCount64).Nodes;
        ForEach(text, MetricCatalog.NodeLimit, learned, node => Of(node.Node), node => node.Limit);
        ForEach(text, MetricCatalog.NodeWeight, learned, node => Of(node.Node), node => node.Weight);
        ForEach(text, MetricCatalog.NodeQueued, learned, node => Of(node.Node), node => node.QueuedShare);
        ForEach(text, MetricCatalog.NodeWarm, learned, node => Of(node.Node), node => node.WarmContainers);
    }

    private void AddNodeHistograms(MetricsText text)
    {
        ILookup<string, NodeMeter> nodes = traffic.Nodes();

        // From 0 on, for Prometheus sees no increase in a counter that is not there before it has counted.
        string[] names = [.. cluster.Nodes.Select(node => node.Address.Text).Union(nodes.Select(node => node.Key))];
        ForEach(text, MetricCatalog.NodeErrors, names, Of, node => nodes[node].Sum(meter => meter.ServerErrors));
        ForEach(text, MetricCatalog.NodeFailures, names, Of, node => nodes[node].Sum(meter => meter.Failures));
        ForEach(text, MetricCatalog.NodeDuration, "node", nodes, node => node.Total);
        ForEach(text, MetricCatalog.NodeWait, "node", nodes, node => node.Wait);
    }

    private void AddFunctionHistograms(MetricsText text)
    {
        ILookup<string, FunctionMeter> functions = traffic.Meters
            .SelectMany(meter => meter.Top.Append(meter.Other))
            .ToLookup(function => function.Name, StringComparer.Ordinal);
        ForEach(text, MetricCatalog.FunctionDuration, "function", functions, function => function.Total);
        ForEach(text, MetricCatalog.FunctionWait, "function", functions, function => function.Wait);
    }

    private void AddConnections(MetricsText text)
    {
        text.Add(MetricCatalog.ClientConnections, traffic.Clients());
        text.Add(MetricCatalog.ConnectionsOpen, traffic.ConnectionsOpen);
        TrafficBytes bytes = traffic.Bytes();
        text.Add(MetricCatalog.FromClients, bytes.FromClients);
        text.Add(MetricCatalog.ToClients, bytes.ToClients);
        text.Add(MetricCatalog.FromNodes, bytes.FromNodes);
        text.Add(MetricCatalog.ToNodes, bytes.ToNodes);
        text.Begin(MetricCatalog.AccessLogLines);
        text.Add(Label("result", "written"), traffic.AccessLog?.Written ?? 0);
        text.Add(Label("result", "dropped"), traffic.AccessLog?.Dropped ?? 0);
        text.Begin(MetricCatalog.Spans);
        foreach (SpanTally spans in traffic.Spans?.Collectors ?? [])
        {
            text.Add($"{Label("collector", spans.Collector)},{Label("result", "sent")}", spans.Sent);
            text.Add($"{Label("collector", spans.Collector)},{Label("result", "dropped")}", spans.Dropped);
        }
    }

    private void AddProcess(MetricsText text)
    {
        text.Add(MetricCatalog.CallsCut, CallsCut());
        text.Add(MetricCatalog.CertificateExpiry, CertificateExpiry()?.ToUnixTimeSeconds() ?? 0);
        text.Begin(MetricCatalog.LoopTurns);
        text.AddHistogram("", traffic.Sum(meter => meter.Turns), firstPower: 3, lastPower: 20, step: 1);
        text.Add(MetricCatalog.Cpu, Environment.CpuUsage.TotalTime.TotalSeconds);
        text.Add(MetricCatalog.ResidentMemory, Environment.WorkingSet);
        text.Add(MetricCatalog.StartTime, StartedSeconds);
        text.Begin(MetricCatalog.Collections);
        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            text.Add($"generation=\"{generation}\"", GC.CollectionCount(generation));
        }

        text.Add(MetricCatalog.GcPause, GC.GetTotalPauseDuration().TotalSeconds);
        text.Add(MetricCatalog.Allocated, GC.GetTotalAllocatedBytes());
    }

    private static string Of(Node node) => Of(node.Address.Text);

    private static string Of(string node) => Label("node", node);

    private static void ForEach<T>(
        MetricsText text, MetricInfo metric, IEnumerable<T> items, Func<T, string> labels, Func<T, double> value)
    {
        text.Begin(metric);
        foreach (T item in items)
        {
            text.Add(labels(item), value(item));
        }
    }

    // Every second power: there may be hundreds of them.
    private static void ForEach<T>(
        MetricsText text, MetricInfo metric, string label, ILookup<string, T> meters, Func<T, LatencyHistogram?> choose)
    {
        text.Begin(metric);
        foreach (IGrouping<string, T> group in meters)
        {
            LatencySnapshot sum = TrafficView.SumOf(group.Select(choose).OfType<LatencyHistogram>());
            text.AddHistogram(Label(label, group.Key), sum, firstPower: 8, lastPower: 30, step: 2);
        }
    }
}
