using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace FnLb.Tests.Harness;

/// <summary>
/// A node on a raw socket, under the full control of a test: every request that arrives is checked strictly and
/// recorded, and a script answers it with the bytes, delays and closes it likes. Health checks are answered apart from
/// the script.
/// </summary>
internal sealed class ScriptedNode : IDisposable
{
    // A connect over loopback that takes longer than this is not being answered.
    private static readonly TimeSpan ConnectMax = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentQueue<NodeCall> _calls = new();
    private readonly ConcurrentQueue<Exception> _faults = new();
    private readonly ConcurrentDictionary<NodeConnection, bool> _connections = new();
    private readonly List<Socket> _fillers = [];
    private volatile bool _acceptsOn = true;
    private volatile bool _isDead;
    private Socket _listener;
    private int _connectionCount;
    private int _callCount;
    private int _checkCount;
    private int _cutHeadCount;

    private ScriptedNode(IPEndPoint endPoint, Func<NodeCall, Task> script)
    {
        EndPoint = endPoint;
        Script = script;
        _listener = Listen(endPoint);
    }

    public IPEndPoint EndPoint { get; }

    public int Port => EndPoint.Port;

    /// <summary>As the load balancer's options and API name it.</summary>
    public string Address => EndPoint.ToString();

    /// <summary>Answers the calls; may be replaced while the node runs.</summary>
    public Func<NodeCall, Task> Script { get; set; }

    /// <summary>The whole answer to a health check; null hands checks to the script as if they were calls.</summary>
    public string? CheckAnswer { get; set; } = "HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{\"version\":\"0.3.750\"}";

    /// <summary>Requests that arrived, without health checks, in order.</summary>
    public IReadOnlyCollection<NodeCall> Calls => _calls;

    /// <summary>Health checks that were answered.</summary>
    public int Checks => Volatile.Read(ref _checkCount);

    /// <summary>Connections accepted so far, those of health checks included.</summary>
    public int ConnectionsAccepted => Volatile.Read(ref _connectionCount);

    /// <summary>Connections that carried a call and that neither side has ended.</summary>
    public int ConnectionsOpenWithCalls => _connections.Count(entry => entry.Value);

    /// <summary>Connections that ended within a request head: the load balancer sent a part of one.</summary>
    public int CutHeads => Volatile.Read(ref _cutHeadCount);

    /// <summary>Requests that were not valid HTTP/1.1, and scripts that failed.</summary>
    public IReadOnlyCollection<Exception> Faults => _faults;

    /// <param name="script">Answers each call; the default answers 200 with the node's address as the body.</param>
    /// <param name="port">0 for any free one.</param>
    /// <param name="address">Null for 127.0.0.1.</param>
    public static ScriptedNode Start(Func<NodeCall, Task>? script = null, int port = 0, IPAddress? address = null)
    {
        IPEndPoint endPoint = new(address ?? IPAddress.Loopback, port == 0 ? FreePort.Next() : port);
        string name = endPoint.ToString();
        ScriptedNode node = new(endPoint, script ?? (call => call.AnswerAsync(name)));
        _ = node.AcceptAsync(node._listener);
        return node;
    }

    /// <summary>Dies like a killed process: every connection is reset and new ones are refused.</summary>
    public void Kill()
    {
        _isDead = true;
        _listener.Dispose();
        foreach (NodeConnection connection in _connections.Keys)
        {
            connection.Reset();
        }

        _fillers.ForEach(filler => filler.Dispose());
    }

    /// <summary>Starts to accept again after <see cref="Kill"/>, at the same port.</summary>
    public void Revive()
    {
        _isDead = false;
        _listener = Listen(EndPoint);
        _ = AcceptAsync(_listener);
    }

    /// <summary>
    /// Leaves every later attempt to connect without an answer, like a host that is gone from the network.
    /// </summary>
    public async Task IgnoreConnectsAsync()
    {
        // The pending accept takes one more connection, then nobody empties the queue, which holds one at this backlog:
        // the kernel drops the packets of all who come after.
        _acceptsOn = false;
        _listener.Listen(0);
        bool isFull = false;
        while (!isFull)
        {
            Socket filler = new(EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            _fillers.Add(filler);
            Task connecting = filler.ConnectAsync(EndPoint);
            try
            {
                await connecting.WaitAsync(ConnectMax);
            }
            catch (TimeoutException)
            {
                isFull = true;
                _ = connecting.ContinueWith(task => task.Exception, TaskScheduler.Default);
            }
        }
    }

    /// <summary>Stops listening but leaves the connections as they are.</summary>
    public void RefuseConnections() => _listener.Dispose();

    public void Dispose() => Kill();

    private static Socket Listen(IPEndPoint endPoint)
    {
        Socket listener = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(endPoint);
        listener.Listen(4096);
        return listener;
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (_acceptsOn)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            socket.NoDelay = true;
            _ = ServeAsync(new NodeConnection(socket, Interlocked.Increment(ref _connectionCount) - 1));
        }
    }

    private async Task ServeAsync(NodeConnection connection)
    {
        // A connection counts as one with calls from its first call on.
        _connections[connection] = false;
        bool isInHead = true;
        if (_isDead)
        {
            // Accepted as the node died, and too late to be among those it reset.
            connection.Reset();
        }

        try
        {
            while (!connection.IsClosed && await connection.ReadHeadAsync() is WireHead head)
            {
                isInHead = false;
                await HandleAsync(head, connection);
                isInHead = true;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or EndOfStreamException)
        {
            // The load balancer, or the script, ended the connection in the middle; tests look at what follows from it.
            if (isInHead && !connection.Reader.Buffered.IsEmpty)
            {
                Interlocked.Increment(ref _cutHeadCount);
            }
        }
        catch (Exception e)
        {
            _faults.Enqueue(e);
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            connection.Dispose();
        }
    }

    private async Task HandleAsync(WireHead head, NodeConnection connection)
    {
        if (CheckAnswer is string answer && head.Second == "/version")
        {
            Interlocked.Increment(ref _checkCount);
            await connection.SendAsync(answer);
            return;
        }

        NodeCall call = new(head, connection, Interlocked.Increment(ref _callCount) - 1);
        _connections[connection] = true;
        _calls.Enqueue(call);
        await Script(call);
        if (!connection.IsClosed)
        {
            await call.ReadBodyAsync();
        }
    }
}
