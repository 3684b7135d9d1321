using System.Net;
using System.Net.Sockets;

namespace FnLb.Tests.Benchmarks;

/// <summary>A server that ends and answers when no well-behaved one does; one connection at a time.</summary>
internal sealed class RawServer : IDisposable
{
    private const int OptionCork = 3;
    private static readonly byte[] Answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _connections;

    /// <param name="serve">What becomes of a connection, until it is closed.</param>
    public RawServer(Func<Socket, Task> serve)
    {
        _listener.Start();
        _ = AcceptAsync(serve);
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Answers when a head is in, and reads no body until the caller has left.</summary>
    public static async Task AnswerHeads(Socket caller)
    {
        await ReadHeadAsync(caller);
        await caller.SendAsync(Answer);
        byte[] rest = new byte[1];
        while (await caller.ReceiveAsync(rest) > 0)
        {
            // Slower than any body is sent.
        }
    }

    /// <summary>Answers, and ends the stream in the same packet, without having said so.</summary>
    public static async Task AnswerAndEndAtOnce(Socket caller)
    {
        await ReadHeadAsync(caller);
        caller.SetRawSocketOption((int)ProtocolType.Tcp, OptionCork, BitConverter.GetBytes(1));
        await caller.SendAsync(Answer);
        caller.Shutdown(SocketShutdown.Send);
        _ = await caller.ReceiveAsync(new byte[1]);
    }

    public void Dispose() => _listener.Stop();

    private static async Task ReadHeadAsync(Socket caller)
    {
        byte[] head = new byte[4096];
        int length = 0;
        while (head.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            int received = await caller.ReceiveAsync(head.AsMemory(length));
            length += received > 0 ? received : throw new SocketException((int)SocketError.ConnectionReset);
        }
    }

    private async Task AcceptAsync(Func<Socket, Task> serve)
    {
        while (true)
        {
            try
            {
                using Socket caller = await _listener.AcceptSocketAsync();
                Interlocked.Increment(ref _connections);
                await serve(caller);
            }
            catch (SocketException e) when (e.SocketErrorCode != SocketError.OperationAborted)
            {
                // The caller has left.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
