using System.Net.Sockets;
using System.Text;

namespace FnLb.Tests.Harness;

/// <summary>A connection that a scripted node accepted; the script may do to it what a real node would not.</summary>
internal sealed class NodeConnection(Socket socket, int number) : IDisposable
{
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();
    private volatile bool _isClosed;

    /// <summary>
    /// Position in the order of accepting, from 0; connections that only carry health checks count too.
    /// </summary>
    public int Number => number;

    public Socket Socket => socket;

    public WireReader Reader { get; } = new(socket);

    /// <summary>Whether this side closed or reset it.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Bytes this side has handed to the kernel.</summary>
    public long BytesSent { get; private set; }

    /// <summary>Waits for a request head and checks it strictly.</summary>
    /// <returns>Null when the other side closed between requests.</returns>
    public async Task<WireHead?> ReadHeadAsync()
    {
        // The load balancer may keep an idle connection as long as it likes.
        if (Reader.Buffered.IsEmpty && !await Reader.FillAsync(Timeout.InfiniteTimeSpan))
        {
            return null;
        }

        byte[]? bytes = await Reader.ReadThroughAsync(HeadEnd);
        return bytes is null ? null : StrictMessageChecker.CheckRequestHead(bytes);
    }

    public Task SendAsync(string latin1) => SendAsync(Encoding.Latin1.GetBytes(latin1));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = await socket.SendAsync(bytes);
            BytesSent += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Sends FIN and goes on reading.</summary>
    public void HalfClose() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Sends RST.</summary>
    public void Reset()
    {
        _isClosed = true;
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed already by the other side or by the script.
        }

        socket.Dispose();
    }

    public void Close()
    {
        _isClosed = true;
        socket.Dispose();
    }

    /// <summary>Waits until the load balancer ends the connection.</summary>
    /// <returns>How it ended, and whether bytes came before that do not count here.</returns>
    public async Task<ConnectionEnd> ReadCloseAsync(TimeSpan? deadline = null)
    {
        try
        {
            while (await Reader.FillAsync(deadline))
            {
                Reader.Discard();
            }

            return ConnectionEnd.Closed;
        }
        catch (SocketException)
        {
            return ConnectionEnd.Reset;
        }
    }

    public void Dispose() => Close();
}
