using FnLb.Core.Http1;
using FnLb.Core.Routing;
using FnLb.Core.Transport;

namespace FnLb.Core.Proxy;

/// <summary>The answer's half of an exchange: interim heads, the final head, the body.</summary>
internal sealed class AnswerRelay(ProxyLoop proxy)
{
    private BodyRelay _body;
    private HeadProgress _progress;
    private int _interimAnswers;
    private bool _isJudging;

    /// <summary>The final head went out.</summary>
    public bool HasStarted { get; private set; }

    public AnswerPlan Plan { get; private set; }

    /// <summary>How long the call waited at the node, in nanoseconds; -1 when the node does not say.</summary>
    public long WaitNanoseconds { get; private set; }

    /// <summary>When a busy node says that it may have room again.</summary>
    public int RetryAfterSeconds { get; private set; }

    /// <summary>Why the last pump failed.</summary>
    public FaultKind Fault { get; private set; }

    /// <summary>Forgets what was read; a node connection has the request now.</summary>
    public void Restart()
    {
        HasStarted = false;
        _isJudging = false;
        WaitNanoseconds = -1;
        _interimAnswers = 0;
        _progress.Reset();
    }

    /// <summary>The exchange is over.</summary>
    public void End() => _body.End(proxy.Loop);

    public AnswerStatus Pump(Exchange exchange, NodeConnection node) =>
        HasStarted ? PumpBody(exchange.Client, node) : ReadHead(exchange, node);

    private AnswerStatus ReadHead(Exchange exchange, NodeConnection node)
    {
        // A node may send interim answers faster than the client reads them.
        bool isClientBehind = _interimAnswers > 0 && exchange.Client.PendingBytes > 0;
        if (!node.IsReadable || isClientBehind)
        {
            return AnswerStatus.Waiting;
        }

        ReceiveResult result = node.Receive(LoopMemoryPool.LargeBlockBytes);
        return result switch
        {
            ReceiveResult.WouldBlock => AnswerStatus.Waiting,
            ReceiveResult.Data => ParseHeads(exchange, node),
            _ => Fail(HasBegun(node) ? FaultKind.CutAnswer : FaultKind.NoAnswer),
        };
    }

    // An interim answer is part of it: a call that got one is not sent again.
    private bool HasBegun(NodeConnection node) => node.BufferedBytes > 0 || _interimAnswers > 0;

    private AnswerStatus ParseHeads(Exchange exchange, NodeConnection node)
    {
        while (node.BufferedBytes > 0)
        {
            if (!_isJudging && !_progress.IsDue(node, proxy.Options.HeadLimits.HeadBytesMax))
            {
                break;
            }

            ReadOnlySpan<byte> bytes = proxy.Contiguous(node);
            ResponseHead head = proxy.ResponseHead;
            switch (ResponseHeadParser.TryParse(bytes, proxy.Options.HeadLimits, exchange.Request.Method, head, out _))
            {
                case ParseStatus.Incomplete:
                    return AnswerStatus.Moved;
                case ParseStatus.Rejected:
                    return Fail(FaultKind.MalformedAnswer);
            }

            ParseStatus isBusy = exchange.MayGoElsewhere && BusyAnswer.MayBe(head, proxy.Options)
                ? BusyAnswer.Judge(head, bytes, proxy.BusyMessage)
                : ParseStatus.Rejected;
            _isJudging = isBusy == ParseStatus.Incomplete;
            if (_isJudging)
            {
                return AnswerStatus.Moved;
            }

            if (isBusy == ParseStatus.Complete)
            {
                return TakeBusyAnswer(node, head, bytes);
            }

            AnswerStatus status = head.Status switch
            {
                101 => Upgrade(exchange, head, bytes),
                < 200 => RelayInterim(exchange, head, bytes),
                _ => Start(exchange, node, head, bytes),
            };
            node.Consume(head.Length);
            _progress.Reset();
            if (status != AnswerStatus.Moved)
            {
                return status;
            }
        }

        return AnswerStatus.Moved;
    }

    private AnswerStatus TakeBusyAnswer(NodeConnection node, ResponseHead head, ReadOnlySpan<byte> bytes)
    {
        RetryAfterSeconds = BusyAnswer.RetryAfterSeconds(head, bytes);
        bool isDelimited = head.Framing == BodyFraming.Length;
        node.Consume(isDelimited ? head.Length + head.ContentLength : node.BufferedBytes);
        Plan = new AnswerPlan(head.Framing, ClosesClient: false, KeepsNode: isDelimited && head.KeepAlive);
        return AnswerStatus.Busy;
    }

    private AnswerStatus Start(Exchange exchange, NodeConnection node, ResponseHead head, ReadOnlySpan<byte> bytes)
    {
        if (head.KeepAliveTimeoutSeconds >= 0)
        {
            node.LimitIdle(head.KeepAliveTimeoutSeconds);
        }

        WaitNanoseconds = !head.Wait.IsEmpty && GoDuration.TryParse(head.Wait.Of(bytes), out long wait) ? wait : -1;
        Plan = AnswerPlan.For(head, exchange.Request, exchange.IsRequestDone, proxy.IsDraining);
        StageHead(exchange, head, bytes, Plan.Framing, Plan.ClosesClient);
        _body.Begin(head.Framing, head.ContentLength, Plan.Framing, head.NominatedNames, heldHeadBytes: 0);
        HasStarted = true;
        return AnswerStatus.Started;
    }

    private AnswerStatus RelayInterim(Exchange exchange, ResponseHead head, ReadOnlySpan<byte> bytes)
    {
        if (++_interimAnswers > proxy.Options.InterimAnswersMax)
        {
            return Fail(FaultKind.MalformedAnswer);
        }

        if (!exchange.Request.IsHttp10)
        {
            StageHead(exchange, head, bytes, BodyFraming.None, closes: false);
            exchange.Client.Flush();
        }

        return AnswerStatus.Moved;
    }

    // A 101 that nobody asked for, or that comes before the request's body ended, would let the node speak for the next
    // request.
    private AnswerStatus Upgrade(Exchange exchange, ResponseHead head, ReadOnlySpan<byte> bytes)
    {
        if (!exchange.Request.OffersUpgrade || !head.AcceptsUpgrade || !exchange.IsRequestDone)
        {
            return Fail(FaultKind.MalformedAnswer);
        }

        StageHead(exchange, head, bytes, BodyFraming.None, closes: false);
        exchange.Client.Flush();
        return AnswerStatus.Upgraded;
    }

    private void StageHead(
        Exchange exchange, ResponseHead head, ReadOnlySpan<byte> bytes, BodyFraming framing, bool closes)
    {
        ResponseHop hop = new()
        {
            Framing = framing,
            Close = closes,
            ClientIsHttp10 = exchange.Request.IsHttp10,
            Date = head.HasDate ? default : proxy.Date.TextAt(proxy.Loop.NowMilliseconds),
        };
        proxy.CountAnswer(head.Status);
        StagingBuffer staging = proxy.Loop.Staging;
        staging.Advance(ResponseHeadWriter.Write(bytes, head, hop, staging.Free));
    }

    private AnswerStatus PumpBody(ClientConnection client, NodeConnection node)
    {
        RelayStatus status = _body.Pump(node, client, proxy);

        // A client that has sent its next request already may well get both answers at once: while this loop is busy,
        // that is one system call for many.
        bool isHeldBack = status == RelayStatus.Done && client.BufferedBytes > 0 && client.TryHoldBack();
        if (!isHeldBack)
        {
            client.Flush();
        }

        return status switch
        {
            RelayStatus.Done => AnswerStatus.Complete,
            RelayStatus.Moved => AnswerStatus.Moved,
            RelayStatus.Rejected => Fail(FaultKind.MalformedAnswer),
            RelayStatus.Truncated => Fail(FaultKind.CutAnswer),
            RelayStatus.NeedsSource when node.IsReadable => Receive(node),
            _ => AnswerStatus.Waiting,
        };
    }

    private AnswerStatus Receive(NodeConnection node) => node.Receive(_body.ReceiveBytes) switch
    {
        ReceiveResult.WouldBlock => AnswerStatus.Waiting,
        ReceiveResult.Failed => Fail(FaultKind.CutAnswer),
        _ => AnswerStatus.Moved,
    };

    private AnswerStatus Fail(FaultKind fault)
    {
        Fault = fault;
        return AnswerStatus.Failed;
    }
}
