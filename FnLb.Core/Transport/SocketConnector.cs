using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FnLb.Core.Transport;

/// <summary>
/// Starts a connection without waiting for it and without the exception that <see cref="Socket.Connect(EndPoint)"/>
/// raises for that.
/// </summary>
internal static class SocketConnector
{
    /// <returns>Null when the connection failed at once.</returns>
    public static unsafe Socket? Start(EndPoint endPoint)
    {
        bool isInternet = endPoint.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6;
        Socket socket = new(
            endPoint.AddressFamily, SocketType.Stream, isInternet ? ProtocolType.Tcp : ProtocolType.Unspecified)
        {
            Blocking = false,
        };
        if (isInternet)
        {
            socket.NoDelay = true;
        }

        SocketAddress address = endPoint.Serialize();
        fixed (byte* native = address.Buffer.Span)
        {
            int result = LibC.Connect((int)socket.SafeHandle.DangerousGetHandle(), native, address.Size);
            if (result == 0 || Marshal.GetLastPInvokeError() == LibC.ErrInProgress)
            {
                return socket;
            }
        }

        socket.Dispose();
        return null;
    }

    /// <summary>Whether a connection that was started has been made, once the socket is writable.</summary>
    public static bool Succeeded(Socket socket) =>
        socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is 0;
}
