using System.Net;
using System.Net.Sockets;

namespace FnLb.Host.Demo;

/// <summary>
/// Where the demo's load balancer listens: at its usual ports, or at free ones where those are taken.
/// </summary>
internal static class DemoPorts
{
    /// <param name="preferred">The port to take when it is free.</param>
    /// <returns>A port that nothing listens on at loopback.</returns>
    public static int Choose(int preferred) =>
        TryBind(preferred) ?? TryBind(0) ?? throw new IOException("no free port on 127.0.0.1");

    private static int? TryBind(int port)
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        // As the load balancer binds: connections of an earlier run that linger in TIME_WAIT do not count as taken.
        probe.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            probe.Listen();
            return ((IPEndPoint)probe.LocalEndPoint!).Port;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
