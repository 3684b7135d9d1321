namespace FnLb.Core.Telemetry;

/// <summary>The names of all counters, those of one name together.</summary>
public static class CounterCatalog
{
    private const string Clients = "Connections of clients by what became of them when they arrived.";
    private const string Answers = "Answers sent to clients by status class, interim ones included.";
    private const string Retries = "Second placements of a call by what ended the first.";
    private const string NodeConnections = "Connections to nodes.";
    private const string NodeClosed = "Connections to nodes that ended, by who ended them and why.";

    public static IReadOnlyList<CounterInfo> All { get; } =
    [
        new(Counter.ClientsAccepted, "fnlb_client_connections_total", "result=\"accepted\"", Clients),
        new(Counter.ClientsTurnedAway, "fnlb_client_connections_total", "result=\"turned_away\"", Clients),
        new(
            Counter.IdleClientsClosedForRoom,
            "fnlb_client_idle_closed_for_room_total",
            "",
            "Idle clients closed to make room for new ones."),
        new(Counter.Requests, "fnlb_requests_total", "", "Well-formed requests read from clients."),
        new(
            Counter.RequestsRefused,
            "fnlb_requests_refused_total",
            "",
            "Requests refused because they were malformed, too large or too slow."),
        new(Counter.AnswersInformational, "fnlb_answers_total", "class=\"1xx\"", Answers),
        new(Counter.AnswersSuccessful, "fnlb_answers_total", "class=\"2xx\"", Answers),
        new(Counter.AnswersRedirecting, "fnlb_answers_total", "class=\"3xx\"", Answers),
        new(Counter.AnswersClientError, "fnlb_answers_total", "class=\"4xx\"", Answers),
        new(Counter.AnswersServerError, "fnlb_answers_total", "class=\"5xx\"", Answers),
        new(Counter.OwnAnswers, "fnlb_own_answers_total", "", "Answers made here rather than by a node."),
        new(
            Counter.CallsAborted,
            "fnlb_calls_aborted_total",
            "",
            "Calls whose client left before the answer was complete."),
        new(
            Counter.AnswersCut,
            "fnlb_answers_cut_total",
            "",
            "Answers cut after they had started, because the node failed or stalled."),
        new(Counter.RetriesAfterConnectFailure, "fnlb_retries_total", "reason=\"connect\"", Retries),
        new(Counter.RetriesAfterLostConnection, "fnlb_retries_total", "reason=\"lost_connection\"", Retries),
        new(Counter.RetriesAfterBusy, "fnlb_retries_total", "reason=\"busy\"", Retries),
        new(
            Counter.RetriesOverBudget, "fnlb_retries_over_budget_total", "",
            "Calls that were not repeated because too many were."),
        new(Counter.NodeConnectionsOpened, "fnlb_node_connections_opened_total", "", NodeConnections),
        new(
            Counter.NodeConnectionsReused,
            "fnlb_node_connections_reused_total",
            "",
            "Calls that found an open connection to their node."),
        new(Counter.NodeConnectionsClosedByUs, "fnlb_node_connections_closed_total", "reason=\"unneeded\"", NodeClosed),
        new(Counter.NodeConnectionsClosedByNode, "fnlb_node_connections_closed_total", "reason=\"node\"", NodeClosed),
        new(
            Counter.NodeConnectionsWithUnsolicitedBytes,
            "fnlb_node_connections_closed_total",
            "reason=\"unsolicited_bytes\"",
            NodeClosed),
        new(Counter.NodeConnectionsCut, "fnlb_node_connections_closed_total", "reason=\"cut\"", NodeClosed),
        new(Counter.TunnelsOpened, "fnlb_tunnels_total", "", "Connections upgraded to another protocol."),
    ];
}
