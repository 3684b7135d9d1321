using System.Net;
using System.Net.Sockets;

namespace FnLb.Tests.Harness;

/// <summary>Ports for servers under test.</summary>
internal static class FreePort
{
    // Below the range from which the kernel takes the source ports of clients (32768 by default): a connection that a
    // test makes can never occupy the port between this choice and the bind.
    private const int PortMin = 12_000;
    private const int PortMax = 31_999;

    /// <summary>A port that nothing listens on at any local address.</summary>
    public static int Next()
    {
        while (true)
        {
            int port = Random.Shared.Next(PortMin, PortMax + 1);
            using Socket probe = new(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken: try another.
            }
        }
    }
}
