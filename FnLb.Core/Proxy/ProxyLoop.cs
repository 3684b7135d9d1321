using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using FnLb.Core.Http1;
using FnLb.Core.Nodes;
using FnLb.Core.Routing;
using FnLb.Core.Telemetry;
using FnLb.Core.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;

namespace FnLb.Core.Proxy;

/// <summary>
/// What the connections of one event loop share: tables to parse into, node pools, options. Only the loop's thread uses
/// it.
/// </summary>
internal sealed class ProxyLoop
{
    private const int ExchangesKeptMax = 4096;

    // By the number of the node.
    private readonly Dictionary<int, NodePool> _pools = [];
    private readonly SocketOpener _opener;
    private readonly byte[] _headCopy;
    private readonly int _clientsMax;
    private readonly byte[] _busyMessage;
    private readonly AccessEntry? _refusals;
    private Action? _drained;
    private int _assignedClients;
    private bool _isDrained;
    private bool _isCutting;

    public ProxyLoop(EventLoop loop, ProxyOptions options, Router router, NodeDirectory directory, ILogger logger)
    {
        Loop = loop;
        IdleClients = new IdleClients(Clients, loop);
        Options = options;
        Router = router;
        Directory = directory;
        Logger = logger;
        Meter = new LoopMeter(TimeProvider.System, options.FunctionsMeasuredMax);
        loop.TurnEnded = Meter.Turns.Record;
        AccessLog = options.AccessLog is { } queue ? new LoopAccessLog(queue) : null;
        Tracer = options.Spans is { } spans ? new CallTracer(spans) : null;
        _refusals = AccessLog is null ? null : new AccessEntry(AccessLog);
        RequestHead = new RequestHead(options.HeadLimits);
        ResponseHead = new ResponseHead(options.HeadLimits);
        Trailers = new FieldTable(options.HeadLimits);
        _opener = new SocketOpener(this);
        Exchanges = new LoopPool<Exchange>(new ExchangePolicy(this), ExchangesKeptMax);
        AdminNode = options.AdminEndPoint is { } admin ? Node.ForAdmin(admin) : null;
        _busyMessage = Encoding.UTF8.GetBytes(options.BusyMessage);
        RetryBudget = new RetryBudget(
            options.RetriesPerSecondMin == 0 ? 0 : double.Max(1, (double)options.RetriesPerSecondMin / options.Loops));
        _clientsMax = Math.Max(1, options.ConnectionsMax / options.Loops);

        // One byte more than a head may have, so that the parser sees when one is too large.
        _headCopy = new byte[options.HeadLimits.HeadBytesMax + 1];
    }

    public EventLoop Loop { get; }

    public ProxyOptions Options { get; }

    public Router Router { get; }

    public NodeDirectory Directory { get; }

    public ILogger Logger { get; }

    /// <summary>Filled by the last parse of a request's head on this loop.</summary>
    public RequestHead RequestHead { get; }

    /// <summary>Filled by the last parse of an answer's head on this loop.</summary>
    public ResponseHead ResponseHead { get; }

    /// <summary>Filled by the last parse of a trailer section on this loop.</summary>
    public FieldTable Trailers { get; }

    public HttpDate Date { get; } = new();

    public ObjectPool<Exchange> Exchanges { get; }

    /// <summary>
    /// The admin listener as the place where admin calls among the traffic go; null when they are calls like any other.
    /// </summary>
    public Node? AdminNode { get; }

    /// <summary>The clients of this loop.</summary>
    public HashSet<ClientConnection> Clients { get; } = [];

    /// <summary>The node connections of this loop.</summary>
    public IReadOnlyCollection<NodePool> Pools => _pools.Values;

    /// <summary>Those that wait between requests.</summary>
    public IdleClients IdleClients { get; }

    public RequestIds RequestIds { get; } = new();

    public LoopCounters Counters { get; } = new();

    /// <summary>What the calls of this loop took, by node, function and second.</summary>
    public LoopMeter Meter { get; }

    /// <summary>Null when none is kept.</summary>
    public LoopAccessLog? AccessLog { get; }

    /// <summary>Null when no call is traced.</summary>
    public CallTracer? Tracer { get; }

    public ByteMeter ClientBytes { get; } = new();

    public ByteMeter NodeBytes { get; } = new();

    public RetryBudget RetryBudget { get; }

    /// <summary>What the body of a busy node's answer contains.</summary>
    public ReadOnlySpan<byte> BusyMessage => _busyMessage;

    /// <summary>Clients that are served here or on their way here. Any thread.</summary>
    public int AssignedClients => Volatile.Read(ref _assignedClients);

    /// <summary>Every answer ends its connection, so that clients go elsewhere.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>How long a client may keep its connection without a request.</summary>
    public TimeSpan IdleTimeout => _drained is null ? Options.IdleTimeout : Options.DrainGrace;

    /// <summary>What a channel has buffered in one piece: in place if it is, else copied, as far as a head may reach.
    /// Valid until the next call.</summary>
    public ReadOnlySpan<byte> Contiguous(SocketChannel channel) =>
        channel.TryGetBuffered(out ReadOnlySpan<byte> bytes) ? bytes : Contiguous(channel.Buffered);

    /// <inheritdoc cref="Contiguous(SocketChannel)"/>
    public ReadOnlySpan<byte> Contiguous(scoped in ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
        {
            return bytes.FirstSpan;
        }

        ReadOnlySequence<byte> start = bytes.Length > _headCopy.Length ? bytes.Slice(0, _headCopy.Length) : bytes;
        start.CopyTo(_headCopy);
        return _headCopy.AsSpan(0, (int)start.Length);
    }

    /// <summary>The idle connection to a node that was used last, or one that is being made.</summary>
    /// <param name="isFresh">Take none that was used before.</param>
    /// <param name="mayRepeat">See <see cref="NodePool.TryTake"/>.</param>
    /// <param name="isShortage">There is none because this machine is short of something: not the node's fault.</param>
    /// <returns>False when the connection failed at once, at every address that the node has.</returns>
    public bool TryConnect(
        Node node, bool isFresh, bool mayRepeat, [NotNullWhen(true)] out NodeConnection? connection,
        out bool isShortage)
    {
        isShortage = false;
        NodePool pool = PoolOf(node);
        connection = isFresh ? null : pool.TryTake(mayRepeat);
        if (connection is not null)
        {
            Counters.Add(Counter.NodeConnectionsReused);
        }
        else
        {
            connection = TryOpen(pool, out isShortage);
        }

        return connection is not null;
    }

    /// <summary>Counts an answer that goes to a client.</summary>
    public void CountAnswer(int status) => Counters.Add(status switch
    {
        < 200 => Counter.AnswersInformational,
        < 300 => Counter.AnswersSuccessful,
        < 400 => Counter.AnswersRedirecting,
        < 500 => Counter.AnswersClientError,
        _ => Counter.AnswersServerError,
    });

    /// <summary>Counts an answer in the balancer's own words, and why it was given.</summary>
    /// <param name="client">Whom it goes to, when it ends no exchange, which would log it.</param>
    public void CountOwnAnswer(int status, ClientConnection? client)
    {
        CountAnswer(status);
        if (client is not null && _refusals is { } refusals)
        {
            refusals.BeginRefused(client.Peer.Text);
            AccessOutcome outcome = new()
            {
                Client = client.Peer.Text,
                Status = status,
                WaitNanoseconds = -1,
                Placement = "none"u8,
                Close = "refused"u8,
            };
            refusals.End(outcome, Loop.NowNanoseconds);
        }

        Counters.Add(status switch
        {
            502 => Counter.OwnAnswersNodeFailed,
            503 => Counter.OwnAnswersUnavailable,
            504 => Counter.OwnAnswersNodeTooSlow,
            _ => Counter.OwnAnswersOther,
        });
        if (status is >= 400 and not (502 or 503 or 504))
        {
            Counters.Add(status switch
            {
                405 => Counter.RequestsNotAllowed,
                408 => Counter.RequestsTooSlow,
                413 or 414 or 431 => Counter.RequestsTooLarge,
                508 => Counter.RequestsLooping,
                _ => Counter.RequestsMalformed,
            });
        }
    }

    /// <summary>Counts a client that did not say, or not in time, for whom it comes.</summary>
    public void CountRefusedProxyHeader(PeerAddress peer)
    {
        Counters.Add(Counter.ProxyHeadersRefused);
        ProxyLog.ProxyHeaderRefused(Logger, peer);
    }

    /// <summary>Closes the pools of nodes that left the cluster.</summary>
    public void KeepOnly(IReadOnlyList<Node> nodes)
    {
        HashSet<Node?> kept = [.. nodes, AdminNode];
        NodePool[] gone = [.. _pools.Values.Where(pool => !kept.Contains(pool.Node))];
        Meter.RemoveNodes(gone.Select(pool => pool.Meter).ToHashSet());
        foreach (NodePool pool in gone)
        {
            pool.Retire();
            _ = _pools.Remove(pool.Node.Number);
        }
    }

    /// <summary>Counts a client that is about to be admitted. Any thread.</summary>
    public void Assign() => Interlocked.Increment(ref _assignedClients);

    /// <summary>
    /// Serves a client from here on. When there is no room, the client that has been idle longest makes some; when none
    /// is idle, the new one is turned away.
    /// </summary>
    public void Admit(NativeSocket socket, PeerAddress peer)
    {
        // Those that were turned away stay for a moment, so that they can read why; beyond a tenth more there is no
        // time for that.
        if (Clients.Count > _clientsMax + (_clientsMax / 10) + 16)
        {
            socket.Close(reset: true);
            CountTurnedAway();
            return;
        }

        bool isFull = Clients.Count >= _clientsMax && !TryMakeRoom();
        ClientConnection client = new(this, socket, peer);
        if (!client.TryOpen())
        {
            CountTurnedAway();
        }
        else if (isFull)
        {
            // It waits for nothing, so it is not the next to make room.
            IdleClients.Remove(client);
            Counters.Add(Counter.ClientsTurnedAway);
            client.Refuse();
        }
        else
        {
            Counters.Add(Counter.ClientsAccepted);
            if (_isCutting)
            {
                client.Close(reset: true);
            }
            else if (_drained is not null)
            {
                client.Drain();
            }
        }
    }

    /// <summary>A client connection is closed and no longer among <see cref="Clients"/>.</summary>
    public void OnClientClosed()
    {
        _ = Interlocked.Decrement(ref _assignedClients);
        FinishDraining();
    }

    /// <summary>Calls of which some client has not got the whole answer.</summary>
    public int CountCalls() => Clients.Count(client => client.IsInCall);

    /// <summary>From here on every answer ends its connection.</summary>
    public void AnnounceDrain() => IsDraining = true;

    /// <param name="drained">Called once, when the last client has gone.</param>
    public void StartDraining(Action drained)
    {
        IsDraining = true;
        _drained = drained;
        foreach (ClientConnection client in Clients.ToList())
        {
            client.Drain();
        }

        FinishDraining();
    }

    /// <summary>Closes every client, whatever is under way, and those that still come.</summary>
    public void CutAll()
    {
        _isCutting = true;
        foreach (ClientConnection client in Clients.ToList())
        {
            client.Close(reset: true);
        }
    }

    // Where there is no route to a family of addresses, connecting to one of them fails at once.
    private NodeConnection? TryOpen(NodePool pool, out bool isShortage)
    {
        isShortage = false;
        for (int tries = pool.Node.EndPoints.Length; tries > 0 && pool.NextEndPoint() is { } endPoint; tries--)
        {
            ConnectResult result = _opener.Connect(endPoint, out NativeSocket socket);
            if (result == ConnectResult.Started)
            {
                NodeConnection connection = new(this, socket, endPoint, pool);
                isShortage = !connection.TryOpen();
                Counters.Add(Counter.NodeConnectionsOpened, isShortage ? 0 : 1);
                return isShortage ? null : connection;
            }

            // Ports run out for one address at a time, so another may fare better; room, for all of them.
            isShortage |= result is ConnectResult.NoRoom or ConnectResult.NoPort;
            if (result == ConnectResult.NoRoom)
            {
                return null;
            }

            pool.Skip(endPoint);
        }

        return null;
    }

    private void CountTurnedAway()
    {
        Counters.Add(Counter.ClientsTurnedAway);
        _ = Interlocked.Decrement(ref _assignedClients);
    }

    private bool TryMakeRoom()
    {
        while (IdleClients.FindOldest() is { } oldest)
        {
            // Its next request may have arrived in the same wake-up.
            oldest.Advance();
            if (IdleClients.FindOldest() == oldest)
            {
                oldest.Close(reset: false);
                Counters.Add(Counter.IdleClientsClosedForRoom);
                return true;
            }
        }

        return false;
    }

    private void FinishDraining()
    {
        if (_drained is not { } drained || Clients.Count > 0 || _isDrained)
        {
            return;
        }

        _isDrained = true;
        foreach (NodePool pool in _pools.Values)
        {
            pool.Retire();
        }

        drained();
    }

    private NodePool PoolOf(Node node)
    {
        if (!_pools.TryGetValue(node.Number, out NodePool? pool))
        {
            NodeMeter meter = node == AdminNode ? new NodeMeter("admin") : Meter.AddNode(node.Address.Text);
            pool = new NodePool(node, meter, Counters);
            _pools.Add(node.Number, pool);
        }

        return pool;
    }
}
