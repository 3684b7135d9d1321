using System.Diagnostics;
using FnLb.Core.Http1;
using FnLb.Core.Telemetry;
using FnLb.Core.Transport;

namespace FnLb.Core.Proxy;

/// <summary>A client's connection from accept to close: requests one by one, each answered before the next.</summary>
internal sealed class ClientConnection : SocketChannel
{
    private const int TurnsMax = 64;

    private readonly ProxyLoop _proxy;
    private readonly DeadlineTimer _timer;
    private Exchange? _exchange;
    private ClientState _state;
    private HeadProgress _progress;
    private AfterAnswer _after;
    private bool _awaitsProxyHeader;

    public ClientConnection(ProxyLoop proxy, NativeSocket socket, PeerAddress peer)
        : base(proxy.Loop, socket, proxy.ClientBytes)
    {
        _proxy = proxy;
        Peer = peer;
        _awaitsProxyHeader = proxy.Options.RequiresProxyHeader;
        _timer = new DeadlineTimer(this);
        SinceMilliseconds = proxy.Loop.NowMilliseconds;
    }

    /// <summary>Who is at the other end, or whom a balancer in front named.</summary>
    public PeerAddress Peer { get; private set; }

    /// <summary>Its place among the idle clients; kept by <see cref="IdleClients"/>, null before the first.</summary>
    public LinkedListNode<ClientConnection>? IdlePlace { get; set; }

    /// <summary>It waits for a request, and no byte of one is here.</summary>
    public bool IsIdle => _state == ClientState.ReadingHead && BufferedBytes == 0 && !IsClosed;

    /// <summary>When its state began, or that of a head that is coming in; in the loop's milliseconds.</summary>
    public long SinceMilliseconds { get; private set; }

    /// <summary>Whether its client has not got the whole answer of a call, though the node may be done.</summary>
    public bool IsInCall => _state == ClientState.Flushing || _exchange is { Request.IsForAdmin: false };

    private long DeadlineMilliseconds => _state switch
    {
        ClientState.ReadingHead => SinceMilliseconds
            + Milliseconds(BufferedBytes > 0 ? _proxy.Options.HeadTimeout : _proxy.IdleTimeout),
        ClientState.InExchange => _exchange!.DeadlineMilliseconds,
        ClientState.Flushing => LastProgressMilliseconds + Milliseconds(_proxy.Options.StallTimeout),
        ClientState.Lingering => SinceMilliseconds + Milliseconds(_proxy.Options.LingerTimeout),
        _ => throw new UnreachableException($"Unknown state {_state}."),
    };

    /// <summary>Begins to serve it.</summary>
    /// <returns>False when the kernel has no room to watch it; then it is closed.</returns>
    public bool TryOpen()
    {
        if (!Loop.TryRegister(this, Socket.Descriptor, EdgeTriggered))
        {
            CloseSocket(reset: true);
            return false;
        }

        _ = _proxy.Clients.Add(this);
        _proxy.IdleClients.Add(this);
        SetTimer();
        return true;
    }

    public override void Run()
    {
        // Answers that were held back and then not taken at once: the next exchange may be long in coming to them.
        if (PendingBytes > 0)
        {
            Flush();
        }

        Advance();
    }

    public override void Abort() => Close(reset: true);

    /// <summary>Does all that can be done now on this connection and on that of its exchange.</summary>
    public void Advance()
    {
        for (int turn = 0; turn < TurnsMax; turn++)
        {
            bool moved = _state switch
            {
                ClientState.ReadingHead => ReadHead(),
                ClientState.InExchange => AdvanceExchange(),
                ClientState.Flushing => FinishFlush(),
                ClientState.Lingering => Linger(),
                _ => throw new UnreachableException($"Unknown state {_state}."),
            };
            if (IsClosed)
            {
                return;
            }

            if (!moved)
            {
                SetTimer();
                return;
            }
        }

        Loop.RunAgain(this);
    }

    /// <summary>The head at the start of the buffer, parsed again into the loop's table to place it again.</summary>
    public ReadOnlySpan<byte> PeekRequestHead()
    {
        ReadOnlySpan<byte> bytes = _proxy.Contiguous(this);
        ParseStatus status = RequestHeadParser.TryParse(bytes, _proxy.Options.HeadLimits, _proxy.RequestHead, out _);
        Debug.Assert(status == ParseStatus.Complete, "The head was complete before.");
        return bytes;
    }

    /// <summary>Answers in the balancer's own words.</summary>
    public void Answer(in FaultDecision decision, RequestMethod method, bool isHttp10, AfterAnswer after)
    {
        _proxy.CountOwnAnswer(decision.Status, _exchange is null ? this : null);
        OwnAnswer.Stage(_proxy, decision, method, isHttp10, after);
        Flush();
        OnExchangeEnded(after);
    }

    /// <summary>The answer is complete as far as the node is concerned.</summary>
    public void OnExchangeEnded(AfterAnswer after)
    {
        _state = ClientState.Flushing;
        _after = after;
    }

    /// <summary>Turns away a client for whom there is no room.</summary>
    public void Refuse()
    {
        const string message = "this load balancer has as many connections as it was set to hold";
        Answer(FaultDecision.Unavailable(message), default, isHttp10: false, AfterAnswer.Linger);
        Advance();
    }

    /// <summary>Ends the connection at the next request boundary: at once when it has been idle for long.</summary>
    public void Drain()
    {
        // A request may have arrived in the same wake-up.
        Advance();
        if (!IsClosed && _state == ClientState.ReadingHead && BufferedBytes == 0)
        {
            OnTimer(Loop.NowMilliseconds);
        }
    }

    /// <summary>Closes whatever is under way.</summary>
    public void Close(bool reset)
    {
        if (IsClosed)
        {
            return;
        }

        Loop.Timers.Cancel(_timer);
        _ = _proxy.Clients.Remove(this);
        _proxy.IdleClients.Remove(this);
        CloseSocket(reset);
        if (_exchange is { State: not ExchangeState.Ended } exchange)
        {
            exchange.Cut();
        }

        ReturnExchange();
        _proxy.OnClientClosed();
    }

    private static long Milliseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMillisecond;

    private bool ReadHead()
    {
        if (TryParseHead())
        {
            return true;
        }

        if (!IsReadable || IsClosed)
        {
            return false;
        }

        bool wasEmpty = BufferedBytes == 0;
        ReceiveResult result = Receive(LoopMemoryPool.SmallBlockBytes);
        if (result == ReceiveResult.Data)
        {
            SinceMilliseconds = wasEmpty ? Loop.NowMilliseconds : SinceMilliseconds;
            _proxy.IdleClients.Remove(this);
            return TryParseHead() || IsReadable;
        }

        if (result != ReceiveResult.WouldBlock)
        {
            Close(reset: false);
        }

        return false;
    }

    /// <returns>Whether there is more to do: a head was refused, or taken and its exchange can go on.</returns>
    private bool TryParseHead()
    {
        if (BufferedBytes == 0 || !_progress.IsDue(this, _proxy.Options.HeadLimits.HeadBytesMax))
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = _proxy.Contiguous(this);
        if (_awaitsProxyHeader)
        {
            return TakeProxyHeader(bytes);
        }

        switch (RequestHeadParser.TryParse(bytes, _proxy.Options.HeadLimits, _proxy.RequestHead, out Rejection reason))
        {
            case ParseStatus.Complete:
                _progress.Reset();
                _proxy.Counters.Add(Counter.Requests);
                return StartExchange(_proxy.RequestHead, bytes);
            case ParseStatus.Rejected:
                FaultDecision refusal = new(FaultAction.Answer, reason.StatusCode(), reason.Message());
                bool isHead = bytes.TrimStart("\r\n"u8).StartsWith("HEAD "u8);
                Answer(refusal, isHead ? RequestMethod.Head : default, isHttp10: false, AfterAnswer.Linger);
                return true;
            default:
                return false;
        }
    }

    /// <returns>Whether the buffer is worth another look.</returns>
    private bool TakeProxyHeader(ReadOnlySpan<byte> bytes)
    {
        _progress.Reset();
        switch (ProxyHeaderParser.TryParse(bytes, out int length, out PeerAddress client))
        {
            case ProxyHeaderStatus.Incomplete:
                return false;
            case ProxyHeaderStatus.Invalid:
                _proxy.CountRefusedProxyHeader(Peer);
                Close(reset: true);
                return false;
            case ProxyHeaderStatus.Named:
                Peer = client;
                break;
        }

        _awaitsProxyHeader = false;
        Consume(length);
        _proxy.IdleClients.Add(this);
        return true;
    }

    /// <returns>Whether there is more to do at once.</returns>
    private bool StartExchange(RequestHead head, ReadOnlySpan<byte> bytes)
    {
        if (LocalAnswer.For(head, _proxy.Options) is { } answer)
        {
            AfterAnswer after = head.Framing != BodyFraming.None ? AfterAnswer.Linger
                : head.KeepAlive && !_proxy.IsDraining ? AfterAnswer.KeepAlive
                : AfterAnswer.Close;
            RequestMethod method = head.Method;
            bool isHttp10 = head.IsHttp10;
            Consume(head.Length);
            Answer(answer, method, isHttp10, after);
            return true;
        }

        bool isForAdmin = _proxy.AdminNode is not null && head.Path.Of(bytes).StartsWith("/1/lb/"u8);
        _state = ClientState.InExchange;
        Exchange exchange = _proxy.Exchanges.Get();
        _exchange = exchange;
        exchange.Begin(this, RequestFacts.Of(head, bytes, _proxy.Router.KeyRule, isForAdmin), bytes);
        return !exchange.IsWaiting;
    }

    private bool AdvanceExchange()
    {
        bool hasEnded = _exchange!.State == ExchangeState.Ended || _exchange.Advance();
        if (hasEnded && !IsClosed)
        {
            ReturnExchange();
        }

        return hasEnded;
    }

    private void ReturnExchange()
    {
        if (_exchange is { } exchange)
        {
            _exchange = null;
            _proxy.Exchanges.Return(exchange);
        }
    }

    private bool FinishFlush()
    {
        ReturnExchange();
        if (_after != AfterAnswer.KeepAlive || !IsHoldingBack)
        {
            Flush();
        }

        if (IsBroken)
        {
            Close(reset: true);
            return false;
        }

        if (PendingBytes > 0)
        {
            return false;
        }

        SinceMilliseconds = Loop.NowMilliseconds;
        if (_after == AfterAnswer.KeepAlive)
        {
            _state = ClientState.ReadingHead;
            _proxy.IdleClients.Add(this);
            return BufferedBytes > 0 || IsReadable;
        }

        if (_after != AfterAnswer.Linger && BufferedBytes == 0 && !IsReadable)
        {
            Close(reset: false);
            return false;
        }

        _state = ClientState.Lingering;
        FinishSending();
        return true;
    }

    private bool Linger()
    {
        Consume(BufferedBytes);
        if (HasEnded || IsBroken)
        {
            Close(reset: false);
            return false;
        }

        return IsReadable && Receive(LoopMemoryPool.LargeBlockBytes) != ReceiveResult.WouldBlock;
    }

    // The timer is left where it is while the deadline moves away from it: only a nearer deadline is scheduled anew.
    private void SetTimer()
    {
        long deadline = DeadlineMilliseconds;
        if (!_timer.IsScheduled || deadline < _timer.DueMilliseconds)
        {
            Loop.Timers.Schedule(_timer, deadline);
        }
    }

    private void OnTimer(long nowMilliseconds)
    {
        if (DeadlineMilliseconds > nowMilliseconds)
        {
            SetTimer();
            return;
        }

        switch (_state)
        {
            case ClientState.InExchange:
                _exchange!.OnDeadline();
                break;
            case ClientState.ReadingHead when BufferedBytes > 0 && !_awaitsProxyHeader:
                FaultDecision late = new(FaultAction.Answer, 408, "the head of the request did not arrive in time");
                Answer(late, default, isHttp10: false, AfterAnswer.Linger);
                break;
            case ClientState.ReadingHead when BufferedBytes > 0:
                _proxy.CountRefusedProxyHeader(Peer);
                goto default;
            default:
                Close(reset: _state == ClientState.Flushing);
                break;
        }

        if (!IsClosed)
        {
            Advance();
        }
    }

    private sealed class DeadlineTimer(ClientConnection client) : TimerEntry
    {
        public override void OnDue(long nowMilliseconds) => client.OnTimer(nowMilliseconds);
    }
}
