namespace FnLb.Core.Telemetry;

/// <summary>What an event loop counts; <see cref="CounterCatalog"/> says what each is called outside.</summary>
public enum Counter : byte
{
    ClientsAccepted,
    ClientsTurnedAway,
    IdleClientsClosedForRoom,
    Requests,
    AnswersInformational,
    AnswersSuccessful,
    AnswersRedirecting,
    AnswersClientError,
    AnswersServerError,
    OwnAnswers,
    RequestsRefused,
    CallsAborted,
    AnswersCut,
    RetriesAfterConnectFailure,
    RetriesAfterLostConnection,
    RetriesAfterBusy,
    RetriesOverBudget,
    NodeConnectionsOpened,
    NodeConnectionsReused,
    NodeConnectionsClosedByUs,
    NodeConnectionsClosedByNode,
    NodeConnectionsWithUnsolicitedBytes,
    NodeConnectionsCut,
    TunnelsOpened,
}
