using System.Text;
using FnLb.Core.Telemetry;

namespace FnLb.Host.Telemetry;

/// <summary>Every metric there is; the page, its documentation, the dashboard and the alerts are held to it.</summary>
internal static class MetricCatalog
{
    public static readonly MetricInfo BuildInfo = Gauge(
        "fnlb_build_info", "Always 1; the label says which version runs.", "version");

    public static readonly MetricInfo Duration = Histogram(
        "fnlb_call_duration_seconds", "From a call's arrival to the end of its answer.");

    public static readonly MetricInfo Added = Histogram(
        "fnlb_added_latency_seconds", "The part of a call's duration that was not its node's.");

    public static readonly MetricInfo Wait = Histogram(
        "fnlb_wait_seconds", "How long calls waited at their node, queue and container start, where the node says.");

    public static readonly MetricInfo NodeDuration = Histogram(
        "fnlb_node_call_duration_seconds", "As fnlb_call_duration_seconds, of the calls a node answered.", "node");

    public static readonly MetricInfo NodeWait = Histogram(
        "fnlb_node_wait_seconds", "As fnlb_wait_seconds, of the calls a node answered.", "node");

    public static readonly MetricInfo FunctionDuration = Histogram(
        "fnlb_function_call_duration_seconds",
        "As fnlb_call_duration_seconds, of the functions called most; \"other\" is the rest.", "function");

    public static readonly MetricInfo FunctionWait = Histogram(
        "fnlb_function_wait_seconds", "As fnlb_wait_seconds, of the functions called most; \"other\" is the rest.",
        "function");

    public static readonly MetricInfo InFlight = Gauge("fnlb_calls_in_flight", "Calls that are at a node now.");

    public static readonly MetricInfo RetryBudget = Gauge(
        "fnlb_retry_budget_calls", "Calls that may run a second time now, before the budget for that is used up.");

    public static readonly MetricInfo Functions = Gauge(
        "fnlb_functions", "Functions that estimates of warm containers are kept for.");

    public static readonly MetricInfo ColdStartRatio = Gauge(
        "fnlb_cold_start_ratio", "Of the last minute's calls whose wait is known, the share that waited for a start.");

    public static readonly MetricInfo AffinityRatio = Gauge(
        "fnlb_affinity_ratio",
        "Of the last minute's calls, the share placed at home or where their function is warm; 1 without calls.");

    public static readonly MetricInfo StatsAge = Gauge(
        "fnlb_stats_age_seconds",
        "Since the end of the last second that all event loops have measured; grows while one is stuck.");

    public static readonly MetricInfo EvictedRatio = Gauge(
        "fnlb_evicted_ratio", "Recent share of the calls sent to a warm container that found it gone.");

    public static readonly MetricInfo ScaleNodes = Gauge("fnlb_scale_nodes", "Nodes that take calls now.");

    public static readonly MetricInfo ScaleRecommended = Gauge(
        "fnlb_scale_recommended_nodes",
        "Nodes that there should be by what this load balancer sees; none until 15 s were measured.");

    public static readonly MetricInfo ScaleUtilisation = Gauge(
        "fnlb_scale_utilisation_ratio", "Share of the learned capacity that is used.");

    public static readonly MetricInfo ScaleCrowded = Gauge(
        "fnlb_scale_crowded_ratio", "Recent share of the placements that found no node with room.");

    public static readonly MetricInfo ScaleTrend = Gauge(
        "fnlb_scale_utilisation_trend_per_minute",
        "By how much the utilisation changes in a minute, at the pace of the last one.");

    public static readonly MetricInfo ScaleCold = Gauge(
        "fnlb_scale_cold_ratio", "Recent share of the calls with a known wait that waited for a start.");

    public static readonly MetricInfo ScaleHeadroom = Gauge(
        "fnlb_scale_headroom_calls_per_second", "More calls a second that the learned capacity would take.");

    public static readonly MetricInfo Nodes = Gauge(
        "fnlb_nodes", "Nodes by what their checks and the traffic say.", "state");

    public static readonly MetricInfo NodesDraining = Gauge(
        "fnlb_nodes_draining", "Nodes that are to take no new calls, whatever their state.");

    public static readonly MetricInfo NodesPanic = Gauge(
        "fnlb_nodes_panic", "1 while too many nodes are out, so that failing ones are used.");

    public static readonly MetricInfo StoreUp = Gauge(
        "fnlb_store_up", "1 while the node list can be read from its store.");

    public static readonly MetricInfo StoreListAge = Gauge(
        "fnlb_store_list_age_seconds", "Since the node list was last known to be that of its store.");

    public static readonly MetricInfo RingInfo = Gauge(
        "fnlb_ring_info", "Always 1; the label is equal for balancers with the same nodes, weights and states.",
        "digest");

    public static readonly MetricInfo HealthInfo = Gauge(
        "fnlb_health_info", "Always 1; the label is equal for balancers to which the same nodes are online.",
        "digest");

    public static readonly MetricInfo Ejections = Counter(
        "fnlb_ejections_total", "Times that live traffic took a node out.");

    public static readonly MetricInfo NodeState = Gauge(
        "fnlb_node_state", "1 for the state a node is in, 0 for the others.", "node, state");

    public static readonly MetricInfo NodeUp = Gauge("fnlb_node_up", "1 while a node takes new calls.", "node");

    public static readonly MetricInfo NodeInFlight = Gauge(
        "fnlb_node_calls_in_flight", "Calls that are at a node now.", "node");

    public static readonly MetricInfo NodeLimit = Gauge(
        "fnlb_node_limit_calls", "Calls at once up to which a node starts them without delay, as learned.", "node");

    public static readonly MetricInfo NodeWeight = Gauge(
        "fnlb_node_weight", "Share of the functions relative to other nodes, as it counts now.", "node");

    public static readonly MetricInfo NodeQueued = Gauge(
        "fnlb_node_queued_ratio", "Recent share of the calls that queued at a node.", "node");

    public static readonly MetricInfo NodeWarm = Gauge(
        "fnlb_node_warm_containers", "Containers taken to be warm at a node.", "node");

    public static readonly MetricInfo NodeErrors = Counter(
        "fnlb_node_server_errors_total", "Calls that a node answered with a 5xx of its own.", "node");

    public static readonly MetricInfo NodeFailures = Counter(
        "fnlb_node_failures_total", "Calls that a node left unanswered or answered in part.", "node");

    public static readonly MetricInfo ConnectionsOpen = Gauge(
        "fnlb_node_connections_open", "Connections to nodes, idle ones and those that are being made included.");

    public static readonly MetricInfo ClientConnections = Gauge(
        "fnlb_client_connections_open", "Client connections that are open now.");

    public static readonly MetricInfo FromClients = Counter(
        "fnlb_client_received_bytes_total", "Bytes received from clients, heads included.");

    public static readonly MetricInfo ToClients = Counter(
        "fnlb_client_sent_bytes_total", "Bytes sent to clients, heads included.");

    public static readonly MetricInfo FromNodes = Counter(
        "fnlb_node_received_bytes_total", "Bytes received from nodes for calls, heads included.");

    public static readonly MetricInfo ToNodes = Counter(
        "fnlb_node_sent_bytes_total", "Bytes sent to nodes for calls, heads included.");

    public static readonly MetricInfo AccessLogLines = Counter(
        "fnlb_access_log_lines_total", "Lines of the access log by what became of them.", "result");

    public static readonly MetricInfo Spans = Counter(
        "fnlb_spans_total", "Spans of traced calls by what became of them, for each collector.",
        "collector, result");

    public static readonly MetricInfo CallsCut = Counter(
        "fnlb_drain_cut_calls_total",
        "Calls that were cut at the end of a drain, here and in the processes that this one took over from.");

    public static readonly MetricInfo CertificateExpiry = Gauge(
        "fnlb_admin_certificate_expiry_timestamp_seconds",
        "When the certificate of the admin listener ends, in seconds since 1970; 0 without one.");

    public static readonly MetricInfo LoopTurns = Histogram(
        "fnlb_loop_turn_seconds", "How long an event loop was busy after a wake-up: what arrived meanwhile waited.");

    public static readonly MetricInfo Cpu = Counter(
        "process_cpu_seconds_total", "Processor time of this process, user and system.");

    public static readonly MetricInfo ResidentMemory = Gauge(
        "process_resident_memory_bytes", "Memory of this process that is in RAM.");

    public static readonly MetricInfo StartTime = Gauge(
        "process_start_time_seconds", "When this process started, in seconds since 1970.");

    public static readonly MetricInfo Collections = Counter(
        "dotnet_gc_collections_total", "Garbage collections; those of a generation include the ones above it.",
        "generation");

    public static readonly MetricInfo GcPause = Counter(
        "dotnet_gc_pause_seconds_total", "Time that all threads stood still for garbage collections.");

    public static readonly MetricInfo Allocated = Counter(
        "dotnet_allocated_bytes_total", "Bytes allocated on the managed heap.");

    /// <summary>All, in the order of the page.</summary>
    public static IReadOnlyList<MetricInfo> All { get; } =
    [
        BuildInfo, .. CounterCatalog.All.DistinctBy(info => info.Name).Select(Of), Duration, Added, Wait, InFlight,
        RetryBudget, Functions, ColdStartRatio, AffinityRatio, StatsAge, EvictedRatio, ScaleNodes, ScaleRecommended,
        ScaleUtilisation, ScaleTrend, ScaleCrowded, ScaleCold, ScaleHeadroom,
        Nodes, NodesDraining, NodesPanic, StoreUp, StoreListAge, RingInfo, HealthInfo,
        Ejections, NodeState, NodeUp, NodeInFlight,
        NodeLimit, NodeWeight, NodeQueued, NodeWarm, NodeErrors, NodeFailures, NodeDuration, NodeWait,
        FunctionDuration, FunctionWait, ClientConnections, ConnectionsOpen, FromClients, ToClients, FromNodes,
        ToNodes, AccessLogLines, Spans, CallsCut, CertificateExpiry,
        LoopTurns, Cpu, ResidentMemory, StartTime, Collections, GcPause, Allocated,
    ];

    public static MetricInfo Of(CounterInfo info) => new(
        info.Name,
        info.IsGauge ? MetricKind.Gauge : MetricKind.Counter,
        info.Label.Split('=')[0],
        info.Help);

    /// <summary>The table of docs/metrics.md.</summary>
    public static string ToMarkdown()
    {
        StringBuilder table = new("| metric | type | labels | what it says |\n| --- | --- | --- | --- |\n");
        foreach (MetricInfo info in All)
        {
            string kind = info.Kind.ToString().ToLowerInvariant();
            table.Append($"| `{info.Name}` | {kind} | {info.Labels} | {info.Help} |\n");
        }

        return table.ToString();
    }

    private static MetricInfo Counter(string name, string help, string labels = "") =>
        new(name, MetricKind.Counter, labels, help);

    private static MetricInfo Gauge(string name, string help, string labels = "") =>
        new(name, MetricKind.Gauge, labels, help);

    private static MetricInfo Histogram(string name, string help, string labels = "") =>
        new(name, MetricKind.Histogram, labels, help);
}
