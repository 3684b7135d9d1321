using System.Net;
using System.Net.Sockets;

namespace FnLb.Benchmarks.Throughput;

/// <summary>Measures what connections cost that have made a call and wait for the next.</summary>
internal static class IdleConnections
{
    private static readonly byte[] Request = "GET /r/app/f1 HTTP/1.1\r\nHost: bench\r\n\r\n"u8.ToArray();

    /// <summary>Opens the connections one after the other, with one call each.</summary>
    /// <returns>Bytes that the proxy's resident memory grew by for each.</returns>
    public static async Task<double> MeasureAsync(
        PinnedProcess proxy, int port, int count, CancellationToken stop)
    {
        List<Socket> sockets = [];
        try
        {
            await OpenAsync(sockets, port, stop);
            long before = proxy.ResidentBytes;
            for (int i = 0; i < count; i++)
            {
                await OpenAsync(sockets, port, stop);
            }

            return (double)(proxy.ResidentBytes - before) / count;
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private static async Task OpenAsync(List<Socket> sockets, int port, CancellationToken stop)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        sockets.Add(socket);
        await socket.ConnectAsync(IPAddress.Loopback, port, stop);
        await socket.SendAsync(Request, stop);
        byte[] answer = new byte[1024];
        if (await socket.ReceiveAsync(answer, stop) == 0)
        {
            throw new InvalidOperationException($"the connection {sockets.Count} was closed instead of answered");
        }
    }
}
