using System.Diagnostics;
using FnLb.Core.Http1;
using FnLb.Core.Routing;
using FnLb.Core.Telemetry;
using FnLb.Core.Transport;

namespace FnLb.Core.Proxy;

/// <summary>One request and its answer: placed on a node, sent, answered; placed again when that is safe.</summary>
/// <remarks>
/// The request stays in the client's buffer, up to a limit, until the answer's head goes out: that is what makes a
/// second placement possible.
/// Both connections call <see cref="ClientConnection.Advance"/> when they became ready, which comes here while there is
/// something to do.
/// </remarks>
internal sealed class Exchange(ProxyLoop proxy)
{
    private const int TurnsMax = 16;

    // A node without room for a call is not ill.
    private const int BusyStatus = 429;

    private readonly PlacementWalk _walk = new(proxy);
    private readonly AnswerRelay _answer = new(proxy);
    private readonly Tunnel _tunnel = new(proxy);
    private readonly ExchangeRecord _record = new(proxy);
    private readonly CallHistory _history = new(proxy);
    private RequestFacts _request;
    private BodyRelay _body;
    private NodeConnection? _node;
    private long _sentNanoseconds;
    private ulong _requestNumber;

    public ClientConnection Client { get; private set; } = null!;

    public ref readonly RequestFacts Request => ref _request;

    /// <summary>The whole request is on its way to the node.</summary>
    public bool IsRequestDone => _body.IsDone;

    /// <summary>The whole request is still here.</summary>
    public bool MayGoElsewhere => _body.IsHolding;

    public ExchangeState State { get; private set; } = ExchangeState.Ended;

    /// <summary>The whole request is on its way, and nothing has arrived since from either side: until something does,
    /// there is nothing to advance.</summary>
    public bool IsWaiting =>
        State == ExchangeState.AwaitingAnswer && _body.IsDone && _node!.IsSilent && Client.IsSilent;

    /// <summary>When the exchange has to have moved on, in the loop's milliseconds.</summary>
    public long DeadlineMilliseconds => State switch
    {
        ExchangeState.Connecting => SentMilliseconds + Milliseconds(proxy.Options.ConnectTimeout),
        ExchangeState.AwaitingAnswer when _body.IsDone => LastProgress() + Milliseconds(proxy.Options.AnswerTimeout),
        ExchangeState.Tunnelling => LastProgress() + Milliseconds(proxy.Options.TunnelIdleTimeout),
        _ => LastProgress() + Milliseconds(proxy.Options.StallTimeout),
    };

    /// <summary>Starts the exchange of the request at the start of the client's buffer.</summary>
    /// <param name="head">Its head, as it was just parsed into the loop's table.</param>
    public void Begin(ClientConnection client, in RequestFacts request, ReadOnlySpan<byte> head)
    {
        Debug.Assert(State == ExchangeState.Ended && _node is null, "Exchanges come clean from the pool.");
        Client = client;
        _request = request;
        _requestNumber = proxy.RequestIds.Next();
        _history.Begin();
        _record.Begin(client, request, proxy.RequestHead, head, _requestNumber);
        State = ExchangeState.Connecting;
        Place(head, isFresh: false);
    }

    /// <summary>Does what can be done now.</summary>
    /// <returns>Whether the exchange has ended; its client was told how.</returns>
    public bool Advance()
    {
        for (int turn = 0; turn < TurnsMax; turn++)
        {
            bool moved = State == ExchangeState.Tunnelling ? PumpTunnel() : PumpRequest();
            if (State is ExchangeState.AwaitingAnswer or ExchangeState.RelayingAnswer)
            {
                moved |= PumpAnswer();
            }

            if (State != ExchangeState.Ended && HasClientLeft())
            {
                Fail(FaultKind.ClientLeft);
            }

            if (!moved || State == ExchangeState.Ended)
            {
                return State == ExchangeState.Ended;
            }
        }

        proxy.Loop.RunAgain(Client);
        return false;
    }

    /// <summary>The deadline has passed.</summary>
    public void OnDeadline()
    {
        Fail(State switch
        {
            ExchangeState.Connecting => FaultKind.ConnectFailed,
            ExchangeState.AwaitingAnswer when _body.IsDone => FaultKind.AnswerTimeout,
            ExchangeState.AwaitingAnswer when !_node!.IsWritable => FaultKind.AnswerTimeout,
            ExchangeState.AwaitingAnswer => FaultKind.StalledRequest,
            _ => FaultKind.StalledAnswer,
        });
    }

    /// <summary>The node connection could not be made.</summary>
    public void OnConnectFailed() => Fail(FaultKind.ConnectFailed);

    /// <summary>Ends the exchange without an answer; the client is the caller's business.</summary>
    public void Cut()
    {
        _node?.Cut();
        End(CallOutcome.Aborted, answering: null);
    }

    private long SentMilliseconds => _sentNanoseconds / 1_000_000;

    private static long Milliseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMillisecond;

    private static AfterAnswer After(bool closes, bool isRead) =>
        !isRead ? AfterAnswer.Linger : closes ? AfterAnswer.Close : AfterAnswer.KeepAlive;

    private long LastProgress() =>
        Math.Max(SentMilliseconds, Math.Max(Client.LastProgressMilliseconds, _node!.LastProgressMilliseconds));

    private void Place(ReadOnlySpan<byte> head, bool isFresh)
    {
        BodyFraming framing = _request.Framing;
        long bytesMax = proxy.Options.BodyBytesMax > 0 ? proxy.Options.BodyBytesMax : long.MaxValue;
        _body.Begin(
            framing, _request.ContentLength, framing, _request.NominatedNames, _request.HeadBytes, bytesMax);
        _answer.Restart();
        bool isPlaced = _walk.TryStep(_request, isFresh, out NodeConnection? node)
            || (_history.MayReturn && _walk.TryReturn(_request, out node));
        if (!isPlaced)
        {
            Fail(_history.NoneLeft);
            return;
        }

        _node = node!;
        _node.Exchange = this;

        // A repeat is sent after the loss that it follows, in the same turn of the loop.
        _sentNanoseconds = _history.HasRepeated ? EventLoop.ReadNanoseconds() : proxy.Loop.NowNanoseconds;
        State = _node.IsConnected ? ExchangeState.AwaitingAnswer : ExchangeState.Connecting;
        RequestHop hop = new()
        {
            ClientAddress = Client.Peer.Text,
            RequestId = proxy.RequestIds.TextOf(_requestNumber),
            TraceFields = _record.Place(_walk.Current),
            NodeAuthority = _walk.Current.Node!.AuthorityText,
        };
        StagingBuffer staging = proxy.Loop.Staging;
        staging.Advance(RequestHeadWriter.Write(head, proxy.RequestHead, hop, staging.Free));
        if (State == ExchangeState.Connecting)
        {
            _node.Flush();
        }
        else
        {
            _ = PumpRequest();
        }
    }

    /// <returns>Whether anything moved.</returns>
    private bool PumpRequest()
    {
        NodeConnection node = _node!;
        if (State == ExchangeState.Connecting)
        {
            if (!node.IsConnected)
            {
                return false;
            }

            State = ExchangeState.AwaitingAnswer;
        }

        RelayStatus status = _body.IsDone ? RelayStatus.NeedsTarget : _body.Pump(Client, node, proxy);
        node.Flush();
        _record.Send();
        switch (status)
        {
            case RelayStatus.Rejected:
                Fail(FaultKind.MalformedRequest);
                return true;
            case RelayStatus.TooLarge:
                Fail(FaultKind.RequestTooLarge);
                return true;
            case RelayStatus.Truncated:
                Fail(FaultKind.ClientLeft);
                return true;
            case RelayStatus.NeedsSource:
                return ReceiveBody();
            default:
                return status is RelayStatus.Done or RelayStatus.Moved;
        }
    }

    private bool ReceiveBody()
    {
        if (_body.IsHolding && _body.HeldBytes >= proxy.Options.HeldBytesMax)
        {
            _body.StopHolding(Client);
        }

        return Client.IsReadable && Client.Receive(_body.ReceiveBytes) != ReceiveResult.WouldBlock;
    }

    /// <returns>Whether anything moved.</returns>
    private bool PumpAnswer()
    {
        switch (_answer.Pump(this, _node!))
        {
            case AnswerStatus.Waiting:
                return false;
            case AnswerStatus.Started:
                _record.Answer(proxy.ResponseHead.Status, isOwn: false);
                _walk.ReportAnswer(proxy.ResponseHead.Status, _sentNanoseconds);
                _body.StopHolding(Client);
                State = ExchangeState.RelayingAnswer;
                return PumpAnswer();
            case AnswerStatus.Upgraded:
                _body.StopHolding(Client);
                _tunnel.Start();
                proxy.Counters.Add(Counter.TunnelsOpened);
                _record.Answer(proxy.ResponseHead.Status, isOwn: false);
                _walk.ReportAnswer(proxy.ResponseHead.Status, _sentNanoseconds);
                State = ExchangeState.Tunnelling;
                return true;
            case AnswerStatus.Busy:
                _walk.ReportAnswer(BusyStatus, _sentNanoseconds);
                LeaveBusyNode();
                return true;
            case AnswerStatus.Complete:
                Complete(_answer.Plan.KeepsNode && _body.IsDone, After(_answer.Plan.ClosesClient, _body.IsDone));
                return true;
            case AnswerStatus.Failed:
                Fail(_answer.Fault);
                return true;
            default:
                return true;
        }
    }

    private bool PumpTunnel()
    {
        bool moved = _tunnel.Pump(Client, _node!, out bool isDone);
        if (isDone || _node!.IsBroken)
        {
            Complete(keepsNode: false, AfterAnswer.Close);
        }

        return moved;
    }

    // While a request is at its node, bytes that follow it are the next one; the end of the stream means that nobody
    // waits any more.
    private bool HasClientLeft()
    {
        bool hasRoom = Client.BufferedBytes < proxy.Options.HeldBytesMax;
        if (_body.IsDone && State != ExchangeState.Tunnelling && Client.IsReadable && hasRoom)
        {
            _ = Client.Receive(LoopMemoryPool.SmallBlockBytes);
        }

        return Client.IsBroken
            || Client.IsReset
            || (Client.HasEnded && State != ExchangeState.Tunnelling && Client.BufferedBytes <= _body.HeldBytes);
    }

    private void Complete(bool keepsNode, AfterAnswer after)
    {
        _node!.Release(keepsNode);
        End(CallOutcome.Answered, _node.Meter);
        Client.OnExchangeEnded(after);
    }

    private void End(CallOutcome outcome, NodeMeter? answering)
    {
        Debug.Assert(State != ExchangeState.Ended, "An exchange ends once.");
        Placement placement = _walk.Current;
        _body.End(proxy.Loop);
        _answer.End();
        _walk.End(outcome, _answer.WaitNanoseconds);
        _record.End(answering, placement, _answer.WaitNanoseconds);
        _node = null;
        State = ExchangeState.Ended;
        _history.End();
    }

    private void Fail(FaultKind kind)
    {
        _record.Fail(kind);
        if (kind is >= FaultKind.ConnectFailed and <= FaultKind.StalledAnswer)
        {
            _node?.Meter.NoteFailure();
        }

        // A node's death is paid for once, whatever it took along; the end of a connection that had been idle, never.
        bool isFree = kind == FaultKind.NoAnswer && (_walk.ReportLost(_node!, _sentNanoseconds) | _node!.IsReused);
        FaultDecision decision = _history.Decide(
            kind, _node, isFree, _request.Method.IsIdempotent(), _body.IsHolding,
            answerStarted: State is ExchangeState.RelayingAnswer or ExchangeState.Tunnelling);
        switch (decision.Action)
        {
            case FaultAction.TryNextNode or FaultAction.TryFreshConnection:
                PlaceAgain(kind, isSameNode: decision.Action == FaultAction.TryFreshConnection);
                break;
            case FaultAction.Answer:
                AnswerFault(decision);
                break;
            default:
                proxy.Counters.Add(kind == FaultKind.ClientLeft ? Counter.CallsAborted : Counter.AnswersCut);
                Cut();
                Client.Close(reset: true);
                break;
        }
    }

    private void AnswerFault(in FaultDecision decision)
    {
        AfterAnswer after = After(!_request.KeepAlive || proxy.IsDraining, _body.TryDiscard(Client));
        _record.Answer(decision.Status, isOwn: true);
        Cut();
        Client.Answer(decision, _request.Method, _request.IsHttp10, after);
    }

    private void LeaveBusyNode()
    {
        _history.NoteBusy(_answer.RetryAfterSeconds);
        _node!.Release(_answer.Plan.KeepsNode && _body.IsDone);
        Fail(FaultKind.Busy);
    }

    private void PlaceAgain(FaultKind kind, bool isSameNode)
    {
        proxy.Counters.Add(kind switch
        {
            FaultKind.ConnectFailed => Counter.RetriesAfterConnectFailure,
            FaultKind.Busy => Counter.RetriesAfterBusy,
            _ => Counter.RetriesAfterLostConnection,
        });
        if (kind == FaultKind.ConnectFailed)
        {
            _walk.LeaveUnreachable(_node!);
        }
        else if (!isSameNode)
        {
            _walk.Leave(CallOutcome.NotStarted);
        }

        if (kind != FaultKind.Busy)
        {
            _node!.Cut();
        }

        _node = null;
        _record.TakeBack();
        Place(Client.PeekRequestHead(), isFresh: isSameNode || _history.HasRepeated);
    }
}
