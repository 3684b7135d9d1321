using System.Net;
using FnLb.Core.Telemetry;
using FnLb.Core.Transport;

namespace FnLb.Core.Proxy;

/// <summary>One connection to a node: being made, carrying an exchange, or idle in its pool.</summary>
internal sealed class NodeConnection : SocketChannel
{
    // Servers keep an idle connection for a second at the least, and news of its end takes no longer than that.
    private const int IdleLimitMillisecondsMin = 1_000;

    private readonly NodePool _pool;
    private readonly EndPoint _endPoint;
    private readonly IdleTimer _timer;
    private long _idleLimitMilliseconds;
    private long _idleSince;
    private long _idleMilliseconds;
    private long _takenMilliseconds;
    private long _sentBytesBefore;
    private bool _isWitness;

    public NodeConnection(ProxyLoop proxy, NativeSocket socket, EndPoint endPoint, NodePool pool)
        : base(proxy.Loop, socket, proxy.NodeBytes)
    {
        _pool = pool;
        _endPoint = endPoint;
        _idleLimitMilliseconds = (long)proxy.Options.NodeIdleTimeout.TotalMilliseconds;
        _timer = new IdleTimer(this);
        socket.LimitSilence((int)proxy.Options.NodeSilenceTimeout.TotalMilliseconds);
    }

    /// <summary>The exchange it carries; null while idle.</summary>
    public Exchange? Exchange { get; set; }

    /// <summary>What the calls to its node took.</summary>
    public NodeMeter Meter => _pool.Meter;

    public bool IsConnected { get; private set; }

    /// <summary>
    /// It had been used before the present exchange, and the node closed it before it saw the request; or it had been
    /// idle for so long that the node may have closed it for that, and the exchange began so recently that word of it
    /// may still be on its way.
    /// </summary>
    public bool MayBeStale =>
        (IsReused && HasEnded && !MayHaveBeenRead)
        || (_idleMilliseconds >= IdleLimitMillisecondsMin
            && Loop.NowMilliseconds - _takenMilliseconds < IdleLimitMillisecondsMin);

    /// <summary>It carried another exchange before the present one.</summary>
    public bool IsReused => _takenMilliseconds > 0;

    /// <summary>The node's program may have seen a byte of the present exchange.</summary>
    /// <remarks>
    /// The end of the stream carries the newest acknowledgement of the node's kernel, and no program reads what its
    /// kernel has not acknowledged: the node had left before the request arrived. A reset proves nothing, since it may
    /// follow a request that ran.
    /// </remarks>
    public bool MayHaveBeenRead =>
        SentBytes > _sentBytesBefore && !(HasEnded && Socket.AcknowledgedBytes() == _sentBytesBefore);

    /// <summary>Nothing has arrived that nobody asked for, and the node has not closed.</summary>
    public bool IsQuiet => IsSilent && BufferedBytes == 0;

    /// <summary>Neighbours among the idle connections; kept by the pool.</summary>
    public NodeConnection? Older { get; set; }

    /// <inheritdoc cref="Older"/>
    public NodeConnection? Newer { get; set; }

    /// <summary>Listens to what becomes of it.</summary>
    /// <returns>False when the kernel has no room for that; then it is closed.</returns>
    public bool TryOpen()
    {
        bool isOpen = Loop.TryRegister(this, Socket.Descriptor, EdgeTriggered);
        if (!isOpen)
        {
            CloseSocket(reset: true);
        }

        return isOpen;
    }

    /// <summary>The node said how long it keeps an idle connection (Keep-Alive: timeout=N): stay below that.</summary>
    /// <param name="seconds">N; at most the margin means that the connection cannot safely be used again.</param>
    public void LimitIdle(int seconds)
    {
        const int marginSeconds = 4;
        _idleLimitMilliseconds = Math.Max(0, seconds - marginSeconds) * 1000L;
    }

    /// <summary>It could not be made: later ones are tried at another address, if the node has one.</summary>
    public void SkipAddress() => _pool.Skip(_endPoint);

    /// <summary>Begins an exchange, out of the pool.</summary>
    /// <param name="mayRepeat">The call may run twice, so a close that crosses it does no harm.</param>
    /// <returns>False when the node may be about to close it.</returns>
    public bool TryTake(bool mayRepeat)
    {
        _takenMilliseconds = Loop.NowMilliseconds;
        _idleMilliseconds = _takenMilliseconds - _idleSince;
        _sentBytesBefore = SentBytes;
        return mayRepeat || _pool.Node.IdleTolerance.Covers(_idleMilliseconds, _takenMilliseconds);
    }

    /// <summary>Idles on, out of reach of calls, to show for how long the node lets it.</summary>
    public void Witness()
    {
        _isWitness = true;
        Loop.Timers.Schedule(_timer, Math.Max(_idleSince + IdleLimitMillisecondsMin, Loop.NowMilliseconds));
    }

    /// <summary>The exchange ended without a byte of an answer: if it had just begun, the node may have closed before
    /// it saw the request.</summary>
    public void NoteLost()
    {
        if (IsReused && Loop.NowMilliseconds - _takenMilliseconds < IdleLimitMillisecondsMin)
        {
            _pool.Node.IdleTolerance.NoteClosed(_idleMilliseconds, Loop.NowMilliseconds);
        }
    }

    /// <summary>
    /// Ends the exchange: back to the pool if both messages ended where their framing said and nothing more has come,
    /// else closed.
    /// </summary>
    public void Release(bool isReusable)
    {
        Exchange = null;
        if (isReusable && IsReadable)
        {
            // The last receive may have filled its buffer exactly: only another tells whether there is more.
            _ = Receive(1);
        }

        _idleSince = Loop.NowMilliseconds;
        if (isReusable && !IsQuiet)
        {
            CloseForgotten();
            return;
        }

        if (!isReusable || PendingBytes > 0 || _pool.IsRetired || _idleLimitMilliseconds == 0)
        {
            CloseUsed();
            return;
        }

        _pool.Add(this);
        if (!_timer.IsScheduled)
        {
            Loop.Timers.Schedule(_timer, _idleSince + _idleLimitMilliseconds);
        }
    }

    /// <summary>Ends the exchange in the middle, so that the node sees it.</summary>
    public void Cut()
    {
        Exchange = null;
        Close(Counter.NodeConnectionsCut, reset: true);
    }

    /// <summary>Closes one that carries nothing, and often: a reset leaves no port behind that waits for a minute.
    /// </summary>
    public void Leave() => Close(Counter.NodeConnectionsClosedByUs, reset: true);

    /// <summary>Closes one that the node has closed, or sent to, although it could have been used again.</summary>
    public void CloseForgotten()
    {
        _pool.Node.IdleTolerance.NoteClosed(Loop.NowMilliseconds - _idleSince, Loop.NowMilliseconds);
        CloseIdle();
    }

    /// <summary>Closes a connection that carries no exchange and is in no pool.</summary>
    public void CloseIdle()
    {
        if (IsReadable && BufferedBytes == 0)
        {
            _ = Receive(1);
        }

        Counter reason = BufferedBytes > 0 ? Counter.NodeConnectionsWithUnsolicitedBytes
            : HasEnded || IsBroken ? Counter.NodeConnectionsClosedByNode
            : Counter.NodeConnectionsClosedByUs;
        Close(reason, reset: false);
    }

    public override void Run()
    {
        if (Exchange is null)
        {
            // An event that only says "writable" is the late echo of the last send.
            if (!IsQuiet)
            {
                _pool.Remove(this);
                CloseForgotten();
            }

            return;
        }

        ClientConnection client = Exchange.Client;
        if (!IsConnected && IsWritable)
        {
            ConfirmConnected(Exchange);
        }

        // Its call may have gone elsewhere from here, found that nobody waits for it, and ended with the client.
        if (!client.IsClosed)
        {
            client.Advance();
        }
    }

    public override void Abort()
    {
        if (IsClosed)
        {
            return;
        }

        if (Exchange is null)
        {
            _pool.Remove(this);
            CloseIdle();
        }
        else
        {
            Exchange.Client.Abort();
        }
    }

    // Nodes that want a connection for each call would use up the ports: whoever closes first keeps the port for a
    // minute, unless it resets. Nothing is lost by that once the node's kernel has all that was sent.
    private void CloseUsed()
    {
        if (IsReadable && BufferedBytes == 0)
        {
            _ = Receive(1);
        }

        if (IsQuiet && PendingBytes == 0 && Socket.AcknowledgedBytes() == SentBytes)
        {
            Leave();
        }
        else
        {
            CloseIdle();
        }
    }

    private void ConfirmConnected(Exchange exchange)
    {
        IsConnected = Socket.IsConnected();
        if (!IsConnected)
        {
            exchange.OnConnectFailed();
        }
    }

    private void Close(Counter reason, bool reset)
    {
        _pool.Counters.Add(reason);
        Loop.Timers.Cancel(_timer);
        CloseSocket(reset);
    }

    private void OnIdleDue(long nowMilliseconds)
    {
        if (IsClosed)
        {
            return;
        }

        if (Exchange is not null)
        {
            Loop.Timers.Schedule(_timer, nowMilliseconds + _idleLimitMilliseconds);
            return;
        }

        long idle = nowMilliseconds - _idleSince;
        long limit = _isWitness ? Math.Max(_idleLimitMilliseconds, IdleLimitMillisecondsMin) : _idleLimitMilliseconds;
        _pool.Node.IdleTolerance.NoteKept(idle);
        if (idle < limit)
        {
            // What a witness has seen is worth knowing before it has seen all.
            Loop.Timers.Schedule(_timer, _idleSince + (_isWitness ? Math.Min(limit, 2 * idle) : limit));
            return;
        }

        _pool.Remove(this);
        CloseIdle();
    }

    private sealed class IdleTimer(NodeConnection connection) : TimerEntry
    {
        public override void OnDue(long nowMilliseconds) => connection.OnIdleDue(nowMilliseconds);
    }
}
