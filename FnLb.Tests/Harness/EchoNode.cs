using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FnLb.Tests.Harness;

/// <summary>
/// A node for long runs: it answers a GET with its target and a POST with its body, which proves which call an answer
/// belongs to, keeps nothing of what it saw, and misbehaves as told.
/// </summary>
/// <remarks>Bodies come by Content-Length, as <see cref="SteadyLoad"/> sends them.</remarks>
internal sealed class EchoNode : IDisposable
{
    private const string Version = "{\"version\":\"0.3.750\"}";
    private const string Busy = "{\"error\":{\"message\":\"Timed out - server too busy\"}}";

    private readonly Socket _listener;
    private volatile NodeMischief _mischief = new();
    private int _cuts;
    private int _idleCloses;
    private int _refusals;

    private EchoNode(EndPoint endPoint)
    {
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(endPoint);
        _listener.Listen(4096);
    }

    /// <summary>As the load balancer's options and API name it.</summary>
    public string Address => _listener.LocalEndPoint!.ToString()!;

    /// <summary>May be replaced while the node runs.</summary>
    public NodeMischief Mischief { get => _mischief; set => _mischief = value; }

    /// <summary>Answers that ended with a reset.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>Connections that were closed while they carried nothing.</summary>
    public int IdleCloses => Volatile.Read(ref _idleCloses);

    /// <summary>Calls that were not started for want of room.</summary>
    public int Refusals => Volatile.Read(ref _refusals);

    public static EchoNode Start(NodeMischief? mischief = null) =>
        Start(new IPEndPoint(IPAddress.Loopback, FreePort.Next()), mischief);

    public static EchoNode Start(EndPoint endPoint, NodeMischief? mischief = null)
    {
        EchoNode node = new(endPoint) { Mischief = mischief ?? new NodeMischief() };
        _ = node.AcceptAsync();
        return node;
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                Socket socket = await _listener.AcceptAsync();
                socket.NoDelay = true;
                _ = ServeAsync(socket);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                byte[] buffer = new byte[8 * 1024];
                bool isIdle = false;
                while (await ReadRequestAsync(socket, buffer, isIdle) is string request)
                {
                    await AnswerAsync(socket, request);
                    isIdle = true;
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The load balancer ended the connection, or this node cut it.
            }
        }
    }

    /// <returns>One request, since none follows before its answer; null when the connection has ended.</returns>
    private async Task<string?> ReadRequestAsync(Socket socket, byte[] buffer, bool isIdle)
    {
        int received = isIdle ? await ReceiveAfterIdlingAsync(socket, buffer) : await socket.ReceiveAsync(buffer);
        while (received > 0)
        {
            string text = Encoding.Latin1.GetString(buffer, 0, received);
            int head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head >= 0 && received == head + 4 + ContentLength(text[..head]))
            {
                return text;
            }

            int more = await socket.ReceiveAsync(buffer.AsMemory(received));
            received = more > 0 ? received + more : 0;
        }

        return null;
    }

    private async ValueTask<int> ReceiveAfterIdlingAsync(Socket socket, byte[] buffer)
    {
        if (_mischief.IdleMillisecondsMax is not (> 0 and int max))
        {
            return await socket.ReceiveAsync(buffer);
        }

        using CancellationTokenSource idle = new(Random.Shared.Next(1, max + 1));
        try
        {
            return await socket.ReceiveAsync(buffer, idle.Token);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _idleCloses);
            return 0;
        }
    }

    private async Task AnswerAsync(Socket socket, string request)
    {
        string target = request.Split(' ', 3)[1];
        string body = target == "/version" ? Version
            : request.StartsWith("GET ", StringComparison.Ordinal) ? target
            : request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        NodeMischief mischief = _mischief;
        double dice = target == "/version" ? 1 : Random.Shared.NextDouble();
        if (dice < mischief.BusyShare)
        {
            Interlocked.Increment(ref _refusals);
            await SendAsync(socket, $"503 Busy\r\nRetry-After: 15\r\nContent-Length: {Busy.Length}\r\n\r\n{Busy}");
        }
        else if (dice < mischief.BusyShare + mischief.CutShare)
        {
            Interlocked.Increment(ref _cuts);
            await SendAsync(socket, $"200 OK\r\nContent-Length: {body.Length + 1}\r\n\r\n{body}");
            socket.Close(timeout: 0);
        }
        else
        {
            await SendAsync(socket, $"200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        }
    }

    private static async Task SendAsync(Socket socket, string answer)
    {
        ReadOnlyMemory<byte> bytes = Encoding.Latin1.GetBytes($"HTTP/1.1 {answer}");
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }

    private static int ContentLength(string head)
    {
        const string name = "\r\nContent-Length: ";
        int start = head.IndexOf(name, StringComparison.OrdinalIgnoreCase) + name.Length;
        if (start < name.Length)
        {
            return 0;
        }

        int end = head.IndexOf('\r', start);
        return int.Parse(end < 0 ? head[start..] : head[start..end], CultureInfo.InvariantCulture);
    }
}
