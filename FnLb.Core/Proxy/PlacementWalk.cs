using System.Diagnostics.CodeAnalysis;
using FnLb.Core.Nodes;
using FnLb.Core.Routing;
using FnLb.Core.Telemetry;

namespace FnLb.Core.Proxy;

/// <summary>Where one call was placed, and where it must not be placed again.</summary>
internal sealed class PlacementWalk(ProxyLoop proxy)
{
    /// <summary>A call that found no connection to so many nodes looks no further.</summary>
    /// <remarks>
    /// Where connecting fails at once the whole walk is one turn of the loop, in which nobody else is served. The next
    /// call passes over nodes that failed a moment ago, and asks others.
    /// </remarks>
    public const int UnconnectedMax = 64;

    // Null for the many calls that the first node takes.
    private HashSet<Node>? _tried;
    private int _addressesFailed;
    private int _unconnected;
    private bool _hasReturned;
    private Placement _current;

    /// <summary>The node the call counts on now; Node is null before the first and after the last. To be copied by who
    /// needs it beyond the next step.</summary>
    public ref readonly Placement Current => ref _current;

    /// <summary>
    /// A connection to the present node, or else to the next that can be connected to; the call is then counted in
    /// flight there.
    /// </summary>
    /// <param name="isFresh">Take no connection that was used before.</param>
    /// <returns>False when no node is left, or <see cref="UnconnectedMax"/> could not be connected to.</returns>
    public bool TryStep(in RequestFacts request, bool isFresh, [NotNullWhen(true)] out NodeConnection? connection)
    {
        while (true)
        {
            if (Current.Node is null)
            {
                Next(request);
            }

            if (Current.Node is not { } node)
            {
                connection = null;
                return false;
            }

            if (proxy.TryConnect(node, isFresh, request.IsIdempotent, out connection, out bool isShortage))
            {
                return true;
            }

            proxy.Counters.Add(Counter.RetriesAfterConnectFailure);
            if (isShortage)
            {
                // Of the node nothing was learned.
                _unconnected++;
                Leave(CallOutcome.Aborted);
            }
            else
            {
                LeaveUnreachableNode();
            }
        }
    }

    /// <summary>No other node takes the call: a new connection to one that was tried before.</summary>
    /// <returns>False also the second time: whoever lets a call down again would do so for ever.</returns>
    public bool TryReturn(in RequestFacts request, [NotNullWhen(true)] out NodeConnection? connection)
    {
        connection = null;
        if (_hasReturned)
        {
            return false;
        }

        _hasReturned = true;
        Forget();
        return TryStep(request, isFresh: true, out connection);
    }

    /// <summary>
    /// The connection could not be made. While the present node has another address the call stays with it, and the
    /// next step tries that one; else the node is out for everybody until a check says otherwise.
    /// </summary>
    public void LeaveUnreachable(NodeConnection failed)
    {
        failed.SkipAddress();
        _addressesFailed++;
        if (Current.Node is { } node && _addressesFailed < node.EndPoints.Length)
        {
            proxy.Directory.ReportAddressFailure(node);
        }
        else
        {
            LeaveUnreachableNode();
        }
    }

    /// <summary>The connection to the present node ended before one byte of an answer.</summary>
    /// <param name="sentNanoseconds">When the call was sent, in the loop's nanoseconds.</param>
    /// <returns>Whether calls that were under way at the same time were lost with this one.</returns>
    public bool ReportLost(NodeConnection connection, long sentNanoseconds)
    {
        connection.NoteLost();
        return Current.Node is { } node && node != proxy.AdminNode
            && proxy.Directory.ReportLostConnection(node, sentNanoseconds);
    }

    /// <summary>The present node began its answer.</summary>
    /// <param name="sentNanoseconds">When the call was sent, in the loop's nanoseconds.</param>
    public void ReportAnswer(int status, long sentNanoseconds)
    {
        if (Current.Node is { } node && node != proxy.AdminNode)
        {
            proxy.Directory.ReportAnswer(node, status, sentNanoseconds);
        }
    }

    /// <summary>Leaves the present node; this call does not return to it.</summary>
    public void Leave(CallOutcome outcome)
    {
        if (Current.Node is { } node)
        {
            _ = (_tried ??= []).Add(node);
            Release(outcome, waitNanoseconds: -1);
        }
    }

    /// <summary>The call is over.</summary>
    public void End(CallOutcome outcome, long waitNanoseconds)
    {
        if (Current.Node is not null)
        {
            Release(outcome, waitNanoseconds);
        }

        Forget();
        _hasReturned = false;
    }

    private void Next(in RequestFacts request)
    {
        if (request.IsForAdmin)
        {
            _current = _tried is null ? proxy.Router.Pin(proxy.AdminNode!) : default;
        }
        else if (_unconnected >= UnconnectedMax)
        {
            _current = default;
        }
        else
        {
            Place(request.Route);

            // Waiting spares others work; nobody is to be turned away for it.
            if (_current.Node is null && proxy.Directory.ReleaseHeld())
            {
                Place(request.Route);
            }
        }

        proxy.Counters.Add(PlacementCounter.Of(_current.Reason));
        _addressesFailed = 0;
    }

    private void Place(RouteKey route) =>
        proxy.Router.Place(route, _tried, proxy.Loop.NowMilliseconds, out _current);

    private void LeaveUnreachableNode()
    {
        if (Current.Node is { } node && node != proxy.AdminNode)
        {
            proxy.Directory.ReportConnectFailure(node);
        }

        _unconnected++;
        Leave(CallOutcome.NotStarted);
    }

    private void Forget()
    {
        _tried = null;
        _unconnected = 0;
    }

    private void Release(CallOutcome outcome, long waitNanoseconds)
    {
        proxy.Router.Release(_current, outcome, waitNanoseconds, proxy.Loop.NowMilliseconds);
        _current = default;
    }
}
