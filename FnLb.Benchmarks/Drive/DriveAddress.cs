using System.Net;
using System.Net.Sockets;

namespace FnLb.Benchmarks.Drive;

/// <summary>Which address of a host calls go to.</summary>
internal static class DriveAddress
{
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(2);

    /// <summary>Tries each once: a name may stand for addresses that the server does not listen at.</summary>
    /// <param name="addresses">Of the host, at least one; a single one is not tried.</param>
    /// <returns>The first that accepts a connection; the first of all when none does.</returns>
    public static async Task<IPAddress> ChooseAsync(
        IReadOnlyList<IPAddress> addresses, int port, CancellationToken stop)
    {
        foreach (IPAddress address in addresses.Count > 1 ? addresses : [])
        {
            if (await AcceptsAsync(new IPEndPoint(address, port), stop))
            {
                return address;
            }
        }

        return addresses[0];
    }

    private static async Task<bool> AcceptsAsync(IPEndPoint endPoint, CancellationToken stop)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(ConnectMax);
        try
        {
            using Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(endPoint, limit.Token);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
