namespace FnLb.Core.Telemetry;

/// <summary>The names of all counters, those of one name together.</summary>
public static class CounterCatalog
{
    private const string Clients = "Connections of clients by what became of them when they arrived.";
    private const string Answers = "Answers sent to clients by status class, interim ones included.";
    private const string Retries = "Second placements of a call by what ended the first.";
    private const string Refused =
        "Requests refused with a 4xx, 501, 505 or 508 of our own, or for their PROXY header, by what was wrong.";
    private const string OwnAnswers = "Answers made here rather than by a node, by why.";
    private const string Placements = "Placements of calls on nodes by the reason for the choice.";
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
        new(Counter.RequestsMalformed, "fnlb_requests_refused_total", "reason=\"malformed\"", Refused),
        new(Counter.RequestsTooLarge, "fnlb_requests_refused_total", "reason=\"too_large\"", Refused),
        new(Counter.RequestsTooSlow, "fnlb_requests_refused_total", "reason=\"too_slow\"", Refused),
        new(Counter.RequestsNotAllowed, "fnlb_requests_refused_total", "reason=\"method\"", Refused),
        new(Counter.RequestsLooping, "fnlb_requests_refused_total", "reason=\"loop\"", Refused),
        new(Counter.ProxyHeadersRefused, "fnlb_requests_refused_total", "reason=\"proxy_header\"", Refused),
        new(Counter.AnswersInformational, "fnlb_answers_total", "class=\"1xx\"", Answers),
        new(Counter.AnswersSuccessful, "fnlb_answers_total", "class=\"2xx\"", Answers),
        new(Counter.AnswersRedirecting, "fnlb_answers_total", "class=\"3xx\"", Answers),
        new(Counter.AnswersClientError, "fnlb_answers_total", "class=\"4xx\"", Answers),
        new(Counter.AnswersServerError, "fnlb_answers_total", "class=\"5xx\"", Answers),
        new(Counter.OwnAnswersNodeFailed, "fnlb_own_answers_total", "reason=\"node_failed\"", OwnAnswers),
        new(Counter.OwnAnswersUnavailable, "fnlb_own_answers_total", "reason=\"unavailable\"", OwnAnswers),
        new(Counter.OwnAnswersNodeTooSlow, "fnlb_own_answers_total", "reason=\"node_too_slow\"", OwnAnswers),
        new(Counter.OwnAnswersOther, "fnlb_own_answers_total", "reason=\"other\"", OwnAnswers),
        new(Counter.PlacedHome, "fnlb_placements_total", "reason=\"home\"", Placements),
        new(Counter.PlacedNextInRank, "fnlb_placements_total", "reason=\"next_in_rank\"", Placements),
        new(Counter.PlacedWarm, "fnlb_placements_total", "reason=\"warm\"", Placements),
        new(Counter.PlacedQueued, "fnlb_placements_total", "reason=\"queued\"", Placements),
        new(Counter.PlacedGrown, "fnlb_placements_total", "reason=\"grown\"", Placements),
        new(Counter.PlacedSaturated, "fnlb_placements_total", "reason=\"saturated\"", Placements),
        new(Counter.PlacedBounded, "fnlb_placements_total", "reason=\"bounded\"", Placements),
        new(Counter.PlacedAllOut, "fnlb_placements_total", "reason=\"all_out\"", Placements),
        new(Counter.PlacedAgain, "fnlb_placements_total", "reason=\"retried\"", Placements),
        new(Counter.PlacedPinned, "fnlb_placements_total", "reason=\"admin\"", Placements),
        new(Counter.PlacedNowhere, "fnlb_placements_total", "reason=\"none\"", Placements),
        new(Counter.CallsWithWait, "fnlb_calls_with_wait_total", "", "Calls whose node said how long they waited."),
        new(
            Counter.ColdStarts, "fnlb_cold_starts_total", "",
            "Of the calls whose wait is known, those that waited as long as a container takes to start."),
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
        new(Counter.NodeConnectionsOpened, "fnlb_node_connections_opened_total", "", "Connections made to nodes."),
        new(
            Counter.NodeConnectionsIdle, "fnlb_node_connections_idle", "",
            "Connections to nodes that wait for the next call.") { IsGauge = true },
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
