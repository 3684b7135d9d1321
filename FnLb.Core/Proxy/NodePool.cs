using System.Diagnostics;
using System.Net;
using FnLb.Core.Nodes;
using FnLb.Core.Telemetry;

namespace FnLb.Core.Proxy;

/// <summary>
/// The idle connections of one loop to one node, used last in, first out: those that are rarely needed grow old and are
/// closed.
/// </summary>
internal sealed class NodePool(Node node, NodeMeter meter, LoopCounters counters)
{
    private EndPoint[] _endPoints = [];
    private int _next;
    private NodeConnection? _witness;

    public Node Node { get; } = node;

    /// <summary>What the calls to the node took.</summary>
    public NodeMeter Meter { get; } = meter;

    public LoopCounters Counters { get; } = counters;

    /// <summary>The connection that was used last.</summary>
    public NodeConnection? Last { get; private set; }

    /// <summary>One that no call uses now; null without any.</summary>
    public NodeConnection? Spare => Last ?? _witness;

    public int IdleCount { get; private set; }

    /// <summary>
    /// Whether the node still belongs to the cluster; after that, connections are closed instead of kept.
    /// </summary>
    public bool IsRetired { get; private set; }

    /// <summary>
    /// Where to make the next connection: the node's first address, or the one behind those that failed since the list
    /// of them changed; null without any.
    /// </summary>
    public EndPoint? NextEndPoint()
    {
        EndPoint[] present = Node.EndPoints;
        if (present != _endPoints)
        {
            _endPoints = present;
            _next = 0;
        }

        return present.Length == 0 ? null : present[_next];
    }

    /// <summary>No connection could be made there: the next is tried at the address after it.</summary>
    public void Skip(EndPoint failed)
    {
        // Of several connections that fail at once only the first moves on.
        if (failed == NextEndPoint())
        {
            _next = (_next + 1) % _endPoints.Length;
        }
    }

    /// <summary>
    /// The connection that was used last, or null. One on which anything has arrived is closed instead.
    /// </summary>
    /// <param name="mayRepeat">The call may run twice; one that may not takes no connection that the node may be about
    /// to close.</param>
    public NodeConnection? TryTake(bool mayRepeat)
    {
        while (Last is { } connection)
        {
            Remove(connection);
            if (!connection.IsQuiet)
            {
                connection.CloseForgotten();
                continue;
            }

            if (connection.TryTake(mayRepeat))
            {
                return connection;
            }

            // The others are older still. Calls that each bring a new one would pile them up, so the old one leaves;
            // but without one that idles on, nobody would ever learn for how long the node lets it.
            if (_witness is null)
            {
                Watch(connection);
            }
            else
            {
                connection.Leave();
            }

            break;
        }

        return null;
    }

    public void Add(NodeConnection connection)
    {
        Debug.Assert(
            !IsRetired && connection.Older is null && connection.Newer is null,
            "Only a connection in use can be added.");
        connection.Older = Last;
        if (Last is { } last)
        {
            last.Newer = connection;
        }

        Last = connection;
        IdleCount++;
        Counters.Add(Counter.NodeConnectionsIdle);
    }

    public void Remove(NodeConnection connection)
    {
        if (connection == _witness)
        {
            _witness = null;
        }
        else if (connection.Newer is { } newer)
        {
            newer.Older = connection.Older;
        }
        else
        {
            Last = connection.Older;
        }

        if (connection.Older is { } older)
        {
            older.Newer = connection.Newer;
        }

        connection.Older = connection.Newer = null;
        IdleCount--;
        Counters.Add(Counter.NodeConnectionsIdle, -1);
    }

    /// <summary>Closes what is idle; what is in use is closed when it comes back.</summary>
    public void Retire()
    {
        IsRetired = true;
        while (Spare is { } connection)
        {
            Remove(connection);
            connection.CloseIdle();
        }
    }

    private void Watch(NodeConnection connection)
    {
        _witness = connection;
        IdleCount++;
        Counters.Add(Counter.NodeConnectionsIdle);
        connection.Witness();
    }
}
