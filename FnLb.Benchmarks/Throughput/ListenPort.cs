using System.Net;
using System.Net.Sockets;

namespace FnLb.Benchmarks.Throughput;

/// <summary>Looks whether a server can listen where it is to.</summary>
internal static class ListenPort
{
    /// <param name="program">Whose ports they are to be, for the message.</param>
    /// <exception cref="InvalidOperationException">
    /// One of them is taken: what answers there would be measured in place of the program.
    /// </exception>
    public static void RequireFree(string program, params ReadOnlySpan<int> ports)
    {
        foreach (int port in ports)
        {
            using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

            // As servers do: connections of earlier runs that linger are not in the way.
            probe.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            }
            catch (SocketException e)
            {
                throw new InvalidOperationException(
                    $"{program} cannot listen on 127.0.0.1:{port} ({e.Message}); a process of an earlier run may be "
                        + "left there, or another run be under way",
                    e);
            }
        }
    }
}
