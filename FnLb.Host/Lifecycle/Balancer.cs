using System.Globalization;
using System.Net;
using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Core.Proxy;
using FnLb.Core.Routing;
using FnLb.Core.Telemetry;
using FnLb.Host.Admin;
using FnLb.Host.CommandLine;
using FnLb.Host.Dashboard;
using FnLb.Host.Stores;
using FnLb.Host.Telemetry;
using FnLb.Host.Tracing;

namespace FnLb.Host.Lifecycle;

/// <summary>A running balancer: the data plane and the control plane, wired.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ListeningSockets _sockets;
    private readonly INodeStore _store;
    private readonly Membership _membership;
    private readonly HealthMonitor _health;
    private readonly Readiness _readiness;
    private readonly bool _isListOwn;
    private readonly Router _router;
    private readonly SlowStart _slowStart;
    private readonly TrafficServer _traffic;
    private readonly AccessLogFile? _accessLog;
    private readonly SpanExporter? _exporter;
    private readonly ClusterView _cluster;
    private readonly TrafficWatch _watch;
    private readonly TrafficSampler _sampler;
    private AdminAccess? _access;
    private AdminServer? _admin;
    private int _callsCut;
    private Task _following = Task.CompletedTask;
    private Task _registering = Task.CompletedTask;

    private Balancer(ListeningSockets sockets, INodeStore store, FnlbOptions options, ILoggerFactory logging)
    {
        _sockets = sockets;
        _store = store;
        _isListOwn = options.Store is SqliteLocation { Path: null };
        _membership = new Membership(store, Directory, TimeProvider.System, logging.CreateLogger("FnLb.Store"));
        ILogger healthLogger = logging.CreateLogger("FnLb.Health");
        _health = new HealthMonitor(Directory, options.Health, TimeProvider.System, healthLogger);
        _readiness = new Readiness(Directory, _health, _membership);
        List<ISpanFormat> formats = Formats(options);
        ProxyOptions proxy = options.Proxy with
        {
            AdminEndPoint = sockets.SharesAddress ? sockets.Admin.LocalEndPoint : null,
            Spans = formats.Count > 0
                ? new SpanChannel(options.TraceShare, [.. formats.Select(format => format.Tally)])
                : null,
            AccessLog = options.AccessLog.Length > 0
                ? new AccessLogChannel(options.AccessLogFormat, options.Proxy.Loops)
                : null,
        };
        _accessLog = proxy.AccessLog is { } queue
            ? AccessLogFile.Start(options.AccessLog, queue, logging.CreateLogger("FnLb.Telemetry"))
            : null;
        _exporter = proxy.Spans is { } spans
            ? new SpanExporter(spans, formats, logging.CreateLogger("FnLb.Telemetry"))
            : null;
        _router = new Router(Directory, options.Routing);
        _slowStart = new SlowStart(
            Directory, options.SlowStart, () => _health.FirstRound.IsCompleted && !_health.IsPanicking,
            TimeProvider.System);
        _traffic = new TrafficServer(proxy, _router, Directory, logging);
        _cluster = new ClusterView(Directory, _health, _membership);
        _watch = new TrafficWatch(
            _cluster, TrafficView.Of(_traffic, proxy), _router, options.ScaleTarget,
            proxy.FunctionsMeasuredMax);
        _sampler = new TrafficSampler(
            _traffic.OnMetersAsync, _watch, TimeProvider.System, logging.CreateLogger("FnLb.Telemetry"));
    }

    public NodeDirectory Directory { get; } = new();

    /// <summary>Where calls come in, with the port that the system chose if it was asked to.</summary>
    public EndPoint TrafficEndPoint { get; private set; } = new IPEndPoint(IPAddress.None, 0);

    /// <summary>Where the node API is; the same as <see cref="TrafficEndPoint"/> when they share the address.</summary>
    public EndPoint AdminEndPoint { get; private set; } = new IPEndPoint(IPAddress.None, 0);

    /// <summary>Completes when every node has been checked once.</summary>
    public Task FirstRound => _health.FirstRound;

    /// <summary>Calls at nodes now.</summary>
    public int CallsInFlight => _router.InFlight;

    /// <summary>Requests since the start.</summary>
    public long Requests => _traffic.Read(Counter.Requests);

    public ListeningSockets Sockets => _sockets;

    /// <summary>Serves when it returns; the first health checks are under way.</summary>
    /// <exception cref="StartException"/>
    /// <exception cref="OperationCanceledException">It was stopped while it waited for its store.</exception>
    public static Task<Balancer> StartAsync(FnlbOptions options, ILoggerFactory logging) =>
        StartAsync(options, new BalancerStart(), logging);

    /// <inheritdoc cref="StartAsync(FnlbOptions, ILoggerFactory)"/>
    public static async Task<Balancer> StartAsync(FnlbOptions options, BalancerStart start, ILoggerFactory logging)
    {
        ListeningSockets sockets =
            await ListeningSockets.BindAsync(options.Listen, options.AdminListen, start.Inherited);
        Balancer? balancer = null;
        try
        {
            INodeStore store = NodeStores.Create(options, logging.CreateLogger("FnLb.Store"));
            balancer = new Balancer(sockets, store, options, logging);
            await balancer.RunAsync(options, start, logging);
            return balancer;
        }
        catch (NodeStoreException e)
        {
            await CleanUpAsync();
            throw new StartException($"-db: {e.Message}", e);
        }
        catch
        {
            await CleanUpAsync();
            throw;
        }

        ValueTask CleanUpAsync()
        {
            sockets.Dispose();
            return balancer?.DisposeAsync() ?? ValueTask.CompletedTask;
        }
    }

    /// <summary>Completes when every event loop has come round once more.</summary>
    public Task TurnAsync() => _traffic.TurnAsync();

    /// <summary>What there is, in a few words for the operator.</summary>
    public string Describe()
    {
        IReadOnlyList<Node> nodes = Directory.Nodes;
        return string.Create(CultureInfo.InvariantCulture,
            $"{nodes.Count(node => node.IsPlaceable)} of {nodes.Count} nodes take calls, {_traffic.Clients} clients");
    }

    /// <summary>What the balancer that follows this one needs to know.</summary>
    public ServiceState State() => ServiceState.Of(Directory, _router, TimeProvider.System) with
    {
        CallsCut = Volatile.Read(ref _callsCut),
        NotAdded = [.. _membership.NotAdded.Select(address => address.Text)],
    };

    /// <summary>Counts calls that a drain has cut, here or in a process before this one.</summary>
    public void NoteCut(int calls) => Interlocked.Add(ref _callsCut, calls);

    /// <summary>Asks that calls be sent elsewhere, but still takes them.</summary>
    public void AnnounceDrain()
    {
        _readiness.BeginDrain();
        _traffic.AnnounceDrain();
    }

    /// <summary>Takes no new calls and waits for the running ones.</summary>
    /// <param name="limit">After it they are cut; infinite waits for all.</param>
    /// <param name="impatience">Cuts them at once.</param>
    /// <returns>How many were cut; counted here too.</returns>
    public async Task<int> DrainAsync(TimeSpan limit, CancellationToken impatience = default)
    {
        _traffic.AnnounceDrain();
        int cut = await _traffic.DrainAsync(limit, impatience);
        NoteCut(cut);
        return cut;
    }

    /// <summary>Takes over tokens and certificates of the node API that have changed, now.</summary>
    public void LookAtSecrets() => _access?.LookNow();

    /// <summary>Changes of the node list are refused from here on, where no store has it.</summary>
    /// <returns>That list; null when a store has it.</returns>
    public async Task<ServiceState?> GiveListAwayAsync()
    {
        if (!_isListOwn)
        {
            return null;
        }

        await _membership.EndChangesAsync();
        return ServiceState.ListOf(Directory);
    }

    /// <summary>Changes are taken again: nobody came to keep the list.</summary>
    public void TakeListBack() => _membership.ResumeChanges();

    /// <summary>Leaves the node API and the node list to a successor that serves already.</summary>
    public async Task LeaveAdminAsync()
    {
        await _stop.CancelAsync();
        await (_admin?.StopAsync() ?? Task.CompletedTask);
    }

    /// <summary>Cuts whatever still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await _sampler.DisposeAsync();
        _traffic.Dispose();
        await (_accessLog?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_exporter?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _stop.CancelAsync();
        await _following;
        await _registering;
        await (_admin?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _health.DisposeAsync();
        _slowStart.Dispose();
        await _store.DisposeAsync();
        _membership.Dispose();
        _sockets.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(FnlbOptions options, BalancerStart start, ILoggerFactory logging)
    {
        await LoadAsync(options, start, logging);
        TrafficEndPoint = _sockets.TrafficEndPoint;
        AdminEndPoint = _sockets.SharesAddress ? TrafficEndPoint : _sockets.AdminEndPoint;
        _health.Start();
        if (start.IsSuccessor)
        {
            // The predecessor serves meanwhile, and knows its nodes.
            await Task.WhenAny(_health.FirstRound, Task.Delay(BalancerStart.ChecksMax));
        }

        _sockets.ListenForTraffic();
        _sockets.ListenForAdmin();
        BalancerRow self = Self(options);
        BalancerTable? table = NodeStores.BalancersOf(_store, options.Store);
        KnownBalancers? others = table is null ? null : new KnownBalancers(table, TimeProvider.System);
        AdminAccess access = _access = AdminAccess.Open(options, logging.CreateLogger("FnLb.Admin"));
        _watch.Metrics.CallsCut = () => Volatile.Read(ref _callsCut);
        _watch.Metrics.CertificateExpiry = () => access.Tls?.Expires;
        AdminGuard guard = access.Guard(CreateApi(options, self, others, logging).HandleAsync, _sockets.SharesAddress);
        await TakeListAsync(start);
        _admin = await AdminServer.StartAsync(_sockets.Admin, guard.HandleAsync, logging, access.Tls);
        _watch.View.OpenAt = access.WarnIfOpen(_sockets.SharesAddress ? TrafficEndPoint : AdminEndPoint);
        if (!start.IsSuccessor)
        {
            // Clients may connect, and wait for that moment rather than hear that no node is there.
            await Task.WhenAny(_health.FirstRound, Task.Delay(BalancerStart.HeldBackMax));
        }

        _traffic.Start(_sockets.Traffic);
        _sampler.Start();
        _following = _membership.FollowAsync(options.Health.Interval, _stop.Token);
        if (table is not null && others is not null)
        {
            _registering = new Registration(
                table, others, Directory, self, TimeProvider.System, logging.CreateLogger("FnLb.Store"))
                .RunAsync(options.Health.Interval, _stop.Token);
        }
    }

    // The last moment at which the start may fail, and the first at which changes may be taken: what the predecessor
    // has taken since it gave its state is in this list, or in the store, which was read before the checks.
    private async Task TakeListAsync(BalancerStart start)
    {
        if (start.Predecessor is not { } predecessor)
        {
            return;
        }

        if (await predecessor.WaitForTurnAsync(start.Stop) is { } list)
        {
            await _membership.ReplaceAsync([.. list.Entries()], start.Stop);
        }
        else
        {
            _ = await _membership.RefreshAsync(start.Stop);
        }
    }

    // A successor finds the node list in the store, or where that is in memory gets it from its predecessor; the nodes
    // of the command line may have been removed since, but for those that are in no store yet.
    private async Task LoadAsync(FnlbOptions options, BalancerStart start, ILoggerFactory logging)
    {
        if (start.IsSuccessor && _isListOwn)
        {
            foreach (NodeEntry entry in start.State?.Entries() ?? [])
            {
                await _store.AddAsync(entry, CancellationToken.None);
            }
        }

        await ListAsync(options, start, logging);
        if (start.State is { } state)
        {
            NoteCut(state.CallsCut);
            _router.Recall(state.Routing, Environment.TickCount64);
        }
    }

    private static List<ISpanFormat> Formats(FnlbOptions options)
    {
        List<ISpanFormat> formats = [];
        if (options.ZipkinUrl.Length > 0)
        {
            formats.Add(new ZipkinFormat(options.ZipkinUrl));
        }

        if (options.OtlpUrl.Length > 0)
        {
            formats.Add(new OtlpFormat(options.OtlpUrl));
        }

        return formats;
    }

    // A file is there or not; a server may be starting too. Who takes over knows the nodes, and waits for neither.
    private Task ListAsync(FnlbOptions options, BalancerStart start, ILoggerFactory logging)
    {
        IReadOnlyList<NodeAddress> added = start.IsSuccessor
            ? [.. start.State?.AddressesNotAdded() ?? []]
            : options.Nodes;
        IReadOnlyList<NodeEntry> known = start.IsSuccessor
            ? [.. start.State?.Entries() ?? []]
            : [.. added.Select(address => new NodeEntry(address))];
        bool waits = options.Store.IsRemote && !(start.IsSuccessor && known.Count > 0);
        return new StoreStart(_membership, TimeProvider.System, logging.CreateLogger("FnLb.Store"))
            .RunAsync(added, known, waits ? options.StoreWait : TimeSpan.Zero, start.Stop);
    }

    private BalancerRow Self(FnlbOptions options)
    {
        IPEndPoint bound = (IPEndPoint)TrafficEndPoint;
        bool isAny = bound.Address.Equals(IPAddress.Any) || bound.Address.Equals(IPAddress.IPv6Any);
        string own = $"{Environment.MachineName}:{bound.Port}";
        string name = options.Name.Length > 0 ? options.Name : own;
        return new BalancerRow(name, isAny ? own : bound.ToString(), "", "", TimeSpan.Zero);
    }

    private AdminApi CreateApi(
        FnlbOptions options, BalancerRow self, KnownBalancers? others, ILoggerFactory logging)
    {
        TimeSpan othersLearn = NodeStores.OthersLearnWithin(options.Store, options.Health.Interval);
        DrainedRemoval removal = new(_membership, Directory, othersLearn, TimeProvider.System, _stop.Token);
        RouteView routes = new(_router, _cluster, _watch.Names);
        NodesApi nodes = new(_membership, _cluster, routes, removal);
        AgreementView agreement = new(_cluster, self, others);
        WatchApi watch = new(_watch, agreement);
        return new AdminApi(nodes, routes, watch, new DashboardPage(), _readiness, logging.CreateLogger("FnLb.Admin"));
    }
}
