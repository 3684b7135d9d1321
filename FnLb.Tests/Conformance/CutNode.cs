using System.Net;
using System.Net.Sockets;
using System.Text;
using FnLb.Tests.Harness;

namespace FnLb.Tests.Conformance;

/// <summary>
/// A node that answers each request with its token, and now and then breaks off, resets, or says more than it was
/// asked.
/// </summary>
internal sealed class CutNode : IDisposable
{
    private const string Surplus = "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\nanswer to nobody";

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private long _foreignBodies;
    private Exception? _fault;

    public CutNode(int seed)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(4096);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _ = AcceptAsync(seed);
    }

    public int Port { get; }

    /// <summary>Requests whose body belongs to another one.</summary>
    public long ForeignBodies => Volatile.Read(ref _foreignBodies);

    /// <summary>The first request that was not valid HTTP/1.1.</summary>
    public Exception? Fault => _fault;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync(int seed)
    {
        try
        {
            for (int number = 0; ; number++)
            {
                Socket socket = await _listener.AcceptAsync();
                socket.NoDelay = true;
                _ = ServeAsync(new NodeConnection(socket, number), new Random(HashCode.Combine(seed, number)));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(NodeConnection connection, Random random)
    {
        using (connection)
        {
            try
            {
                while (!connection.IsClosed && await connection.ReadHeadAsync() is WireHead head)
                {
                    await AnswerAsync(new NodeCall(head, connection, 0), random);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or EndOfStreamException)
            {
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _fault, e, null);
            }
        }
    }

    private async Task AnswerAsync(NodeCall call, Random random)
    {
        string token = call.Target[1..];
        string body = Encoding.Latin1.GetString(await call.ReadBodyAsync());
        if (body.Length > 0 && body != $"body of {token}")
        {
            Interlocked.Increment(ref _foreignBodies);
        }

        (string answer, bool endsConnection) = Answer($"answer to {token}\n{new string('x', random.Next(200))}",
            random);
        int fate = random.Next(100);
        if (fate < 10)
        {
            // A body that ends with its connection looks whole wherever that is closed: only a reset tells.
            await call.SendAsync(answer[..random.Next(answer.Length)]);
            End(call.Connection, isReset: endsConnection || random.Next(4) > 0);
        }
        else
        {
            await call.SendAsync(fate < 13 ? answer + Surplus : answer);
            if (endsConnection || fate < 15)
            {
                End(call.Connection, isReset: false);
            }
        }
    }

    private static (string Answer, bool EndsConnection) Answer(string body, Random random) => random.Next(10) switch
    {
        0 => ($"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{body}", true),
        1 => ($"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}", false),
        < 6 => ($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n", false),
        _ => ($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}", false),
    };

    private static void End(NodeConnection connection, bool isReset)
    {
        if (isReset)
        {
            connection.Reset();
        }
        else
        {
            connection.Close();
        }
    }
}
