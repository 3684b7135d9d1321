using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FnLb.Benchmarks.Scale;

/// <summary>
/// Answers health checks at every loopback address (127.0.0.0/8), so that it can be ten thousand nodes; one call on a
/// connection, as checks make them. Any other call loses its connection.
/// </summary>
internal sealed class VersionNode : IDisposable
{
    private const int LevelSocket = 1;
    private const int OptionBindToDevice = 25;
    private const int AddressesPerNet = 250;
    private const int TimeoutMilliseconds = 1000;

    private static readonly byte[] Check = Encoding.ASCII.GetBytes("GET /version ");
    private static readonly byte[] Answer = Encoding.ASCII.GetBytes(
        "HTTP/1.1 200 OK\r\nContent-Length: 21\r\nConnection: close\r\n\r\n{\"version\":\"0.3.750\"}");

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Thread _thread;
    private long _checks;

    public VersionNode()
    {
        // Bound to all addresses, as each of its own would need a socket; kept to the loopback device.
        _listener.SetRawSocketOption(LevelSocket, OptionBindToDevice, "lo"u8);
        _listener.Bind(new IPEndPoint(IPAddress.Any, 0));
        _listener.Listen(4096);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    public int Port { get; }

    /// <summary>Answered so far.</summary>
    public long Checks => Volatile.Read(ref _checks);

    /// <summary>Addresses of so many nodes, all of them this one.</summary>
    public IEnumerable<string> Addresses(int count) => Enumerable.Range(0, count).Select(index =>
        $"127.{1 + (index / AddressesPerNet / AddressesPerNet)}.{index / AddressesPerNet % AddressesPerNet}."
            + $"{1 + (index % AddressesPerNet)}:{Port}");

    public void Dispose()
    {
        _listener.Dispose();
        _thread.Join();
    }

    private void Serve()
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            try
            {
                using Socket caller = _listener.Accept();
                caller.ReceiveTimeout = TimeoutMilliseconds;
                int bytes = caller.Receive(buffer);
                if (buffer.AsSpan(0, bytes).StartsWith(Check))
                {
                    _ = caller.Send(Answer);
                    Volatile.Write(ref _checks, _checks + 1);
                }
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.OperationAborted
                or SocketError.InvalidArgument or SocketError.Interrupted)
            {
                return;
            }
            catch (SocketException)
            {
                // A caller that left; the next one waits.
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }
}
