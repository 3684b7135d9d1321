using System.Net.Sockets;
using FnLb.Core.Http1;
using FnLb.Core.Nodes;
using FnLb.Core.Routing;
using FnLb.Core.Telemetry;
using FnLb.Core.Transport;
using Microsoft.Extensions.Logging;

namespace FnLb.Core.Proxy;

/// <summary>The data plane: event loops that accept clients and relay their calls to nodes.</summary>
public sealed class TrafficServer : IDisposable
{
    private readonly NodeDirectory _directory;
    private readonly ILogger _logger;
    private readonly ProxyLoop[] _loops;
    private readonly List<Listener> _listeners = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Socket? _listening;
    private int _acceptingLoops;
    private int _drainingLoops;

    public TrafficServer(ProxyOptions options, Router router, NodeDirectory directory, ILoggerFactory logging)
    {
        _directory = directory;
        _logger = logging.CreateLogger("FnLb.Proxy");
        _loops = new ProxyLoop[options.Loops];
        for (int index = 0; index < _loops.Length; index++)
        {
            _loops[index] = new ProxyLoop(
                new EventLoop(index, StagingBytes(options.HeadLimits), _logger), options, router, directory, _logger);
        }

        directory.MembershipChanged += OnMembershipChanged;
    }

    /// <summary>Starts the loops on a socket that is bound and listens. <see cref="DrainAsync"/> closes it.</summary>
    public void Start(Socket listening)
    {
        _listening = listening;
        listening.Blocking = false;
        if (listening.ProtocolType == ProtocolType.Tcp)
        {
            // Accepted sockets inherit it.
            listening.NoDelay = true;
        }

        foreach (ProxyLoop proxy in _loops)
        {
            Listener listener = new(proxy.Loop, listening, (socket, peer) => Accept(proxy, socket, peer), _logger);
            _listeners.Add(listener);
            proxy.Loop.Post(listener.Open);
            proxy.Loop.Start();
        }
    }

    /// <summary>Client connections that are open now. Any thread.</summary>
    public int Clients => _loops.Sum(proxy => proxy.AssignedClients);

    /// <summary>What each loop measured of its calls. Any thread.</summary>
    public IReadOnlyList<LoopMeter> Meters => Array.ConvertAll(_loops, proxy => proxy.Meter);

    /// <summary>What passed all sockets so far. Any thread.</summary>
    public TrafficBytes Bytes => new(
        _loops.Sum(proxy => proxy.ClientBytes.Received), _loops.Sum(proxy => proxy.ClientBytes.Sent),
        _loops.Sum(proxy => proxy.NodeBytes.Received), _loops.Sum(proxy => proxy.NodeBytes.Sent));

    /// <summary>Calls that may run a second time now, over all loops. Any thread.</summary>
    public int RetryBudgetLeft => _loops.Sum(proxy => proxy.RetryBudget.Left(Environment.TickCount64));

    /// <summary>A counter's sum over all loops. Any thread.</summary>
    public long Read(Counter counter) => _loops.Sum(proxy => proxy.Counters.Read(counter));

    /// <summary>Completes when every event loop has come round once more. Any thread.</summary>
    public Task TurnAsync() => Task.WhenAll(_loops.Select(proxy =>
    {
        TaskCompletionSource turned = new(TaskCreationOptions.RunContinuationsAsynchronously);
        proxy.Loop.Post(turned.SetResult);
        return turned.Task;
    }));

    /// <summary>From now on every answer ends its connection; clients are accepted as before.</summary>
    public void AnnounceDrain()
    {
        foreach (ProxyLoop proxy in _loops)
        {
            proxy.Loop.Post(proxy.AnnounceDrain);
        }
    }

    /// <summary>
    /// Does something with the meter of each loop, on its thread, and hands over what its access log holds. Any thread.
    /// </summary>
    /// <returns>Completes when all have done it; never, if the loops have ended.</returns>
    public Task OnMetersAsync(Action<LoopMeter, long> action)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int left = _loops.Length;
        foreach (ProxyLoop proxy in _loops)
        {
            proxy.Loop.Post(() =>
            {
                action(proxy.Meter, proxy.Loop.NowNanoseconds);
                proxy.AccessLog?.Flush();
                if (Interlocked.Decrement(ref left) == 0)
                {
                    _ = done.TrySetResult();
                }
            });
        }

        return done.Task;
    }

    /// <summary>
    /// Stops accepting, closes idle clients, lets the calls in flight end and closes their connections.
    /// </summary>
    /// <param name="limit">
    /// After which what is left is cut; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.
    /// </param>
    /// <param name="impatience">Cuts it at once.</param>
    /// <returns>How many calls were cut: all that some client had not got the whole answer of.</returns>
    public async Task<int> DrainAsync(TimeSpan limit, CancellationToken impatience = default)
    {
        _drainingLoops = _loops.Length;
        _acceptingLoops = _loops.Length;
        for (int index = 0; index < _loops.Length; index++)
        {
            ProxyLoop proxy = _loops[index];
            Listener listener = _listeners[index];
            proxy.Loop.Post(() =>
            {
                listener.Close();
                OnLoopStoppedAccepting();
            });
        }

        try
        {
            await _drained.Task.WaitAsync(limit, impatience).ConfigureAwait(false);
            return 0;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            int calls = 0;
            foreach (ProxyLoop proxy in _loops)
            {
                proxy.Loop.Post(() =>
                {
                    // First: the last client that is cut ends the waiting.
                    _ = Interlocked.Add(ref calls, proxy.CountCalls());
                    proxy.CutAll();
                });
            }

            await _drained.Task.ConfigureAwait(false);
            return Volatile.Read(ref calls);
        }
    }

    public void Dispose()
    {
        _directory.MembershipChanged -= OnMembershipChanged;
        foreach (ProxyLoop proxy in _loops)
        {
            proxy.Loop.Dispose();

            // Its thread has ended: what it logged last belongs to this one.
            proxy.AccessLog?.Flush();
        }
    }

    // A head may be written with its authority repeated twice and a separator more for each field; then come pieces of
    // a body.
    private static int StagingBytes(HeadLimits limits) =>
        (limits.HeadBytesMax * 3) + (limits.FieldCountMax * 4) + BodyRelay.StagedBytesMax + BodyRelay.StepBytesMax;

    // While the socket is open the kernel would go on completing connections that nobody accepts. No loop drains before
    // all have stopped accepting: one could still hand a client to another.
    private void OnLoopStoppedAccepting()
    {
        if (Interlocked.Decrement(ref _acceptingLoops) > 0)
        {
            return;
        }

        _listening?.Dispose();
        foreach (ProxyLoop proxy in _loops)
        {
            proxy.Loop.Post(() => proxy.StartDraining(OnLoopDrained));
        }
    }

    private void OnLoopDrained()
    {
        if (Interlocked.Decrement(ref _drainingLoops) == 0)
        {
            _ = _drained.TrySetResult();
        }
    }

    private void OnMembershipChanged(IReadOnlyList<Node> nodes)
    {
        foreach (ProxyLoop proxy in _loops)
        {
            proxy.Loop.Post(() => proxy.KeepOnly(nodes));
        }
    }

    // The loop that woke up accepts; the loop with the fewest clients serves.
    private void Accept(ProxyLoop accepting, NativeSocket socket, PeerAddress peer)
    {
        ProxyLoop serving = accepting;
        foreach (ProxyLoop candidate in _loops)
        {
            if (candidate.AssignedClients < serving.AssignedClients)
            {
                serving = candidate;
            }
        }

        serving.Assign();
        if (serving == accepting)
        {
            serving.Admit(socket, peer);
        }
        else
        {
            serving.Loop.Post(() => serving.Admit(socket, peer));
        }
    }
}
