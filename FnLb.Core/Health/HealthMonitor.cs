using System.Collections.Concurrent;
using System.Net;
using FnLb.Core.Nodes;
using Microsoft.Extensions.Logging;

namespace FnLb.Core.Health;

/// <summary>Keeps a <see cref="NodeWatch"/> for each member of the directory; they set the nodes' states.</summary>
public sealed class HealthMonitor : IAsyncDisposable
{
    private readonly NodeDirectory _directory;
    private readonly OutlierDetector _outliers;
    private readonly WatchContext _context;
    private readonly Lock _changing = new();
    private readonly ConcurrentDictionary<Node, NodeWatch> _watches = new();
    private bool _stopped;

    /// <param name="lookup">Null asks the system's resolver.</param>
    public HealthMonitor(
        NodeDirectory directory, HealthOptions options, TimeProvider time, ILogger logger, NameLookup? lookup = null)
    {
        _directory = directory;
        _outliers = new OutlierDetector(directory, options.Outliers, time, logger, Wake);
        _context = new WatchContext
        {
            Options = options,
            Probe = new HealthProbe(options, time),
            Lookup = lookup ?? Dns.GetHostAddressesAsync,
            Directory = directory,
            Outliers = _outliers,
            Origin = time.GetTimestamp(),
            Time = time,
            Logger = logger,
        };
    }

    /// <summary>Completes when every member at the time of <see cref="Start"/> was checked once or has left.</summary>
    public Task FirstRound { get; private set; } = Task.CompletedTask;

    /// <summary>Whether nodes that live traffic failed on are used all the same, because too many are out.</summary>
    public bool IsPanicking => _outliers.IsPanicking;

    /// <summary>How often live traffic took a node out.</summary>
    public long Ejections => _outliers.Ejections;

    /// <summary>How much longer live traffic keeps a node out; zero when it does not.</summary>
    /// <param name="reason">What went wrong, a sentence without a full stop; empty when nothing ever did.</param>
    public TimeSpan EjectedFor(Node node, out string reason) => _outliers.EjectedFor(node, out reason);

    /// <summary>Begins with the members of now and follows the directory from then on. Once.</summary>
    public void Start()
    {
        _directory.MembershipChanged += Follow;
        _directory.ConnectFailed += OnConnectFailed;
        _directory.AddressFailed += OnAddressFailed;
        Follow(_directory.Nodes);
        _outliers.Start();
        FirstRound = Task.WhenAll(_watches.Values.Select(watch => watch.FirstCheck));
    }

    public async ValueTask DisposeAsync()
    {
        _directory.MembershipChanged -= Follow;
        _directory.ConnectFailed -= OnConnectFailed;
        _directory.AddressFailed -= OnAddressFailed;
        await _outliers.DisposeAsync().ConfigureAwait(false);
        lock (_changing)
        {
            _stopped = true;
        }

        foreach (NodeWatch watch in _watches.Values)
        {
            await watch.DisposeAsync().ConfigureAwait(false);
        }

        _context.Probe.Dispose();
    }

    private void Follow(IReadOnlyList<Node> members)
    {
        lock (_changing)
        {
            if (_stopped)
            {
                return;
            }

            HashSet<Node> gone = [.. _watches.Keys];
            gone.ExceptWith(members);
            foreach (Node node in gone)
            {
                if (_watches.TryRemove(node, out NodeWatch? watch))
                {
                    _ = watch.DisposeAsync().AsTask();
                }
            }

            foreach (Node node in members)
            {
                Watch(node);
            }
        }

        _outliers.Review();
    }

    private void Watch(Node node)
    {
        if (_watches.ContainsKey(node))
        {
            return;
        }

        NodeWatch watch = new(node, _context);
        _watches[node] = watch;
        watch.Start();
    }

    // Its watch learns when the ejection ends, and tells the new state.
    private void Wake(Node node)
    {
        if (_watches.TryGetValue(node, out NodeWatch? watch))
        {
            watch.CheckNow();
        }
    }

    private void OnAddressFailed(Node node)
    {
        if (_watches.TryGetValue(node, out NodeWatch? watch))
        {
            watch.ReportAddressFailure();
        }
    }

    private void OnConnectFailed(Node node)
    {
        _outliers.TakeOut(node);
        if (_watches.TryGetValue(node, out NodeWatch? watch))
        {
            watch.ReportConnectFailure();
        }
    }
}
