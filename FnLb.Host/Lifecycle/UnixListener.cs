using System.ComponentModel;
using System.Net;
using System.Net.Sockets;

namespace FnLb.Host.Lifecycle;

/// <summary>Binds a unix socket to a path, for its owner and group.</summary>
internal static class UnixListener
{
    private const UnixFileMode OwnerAndGroup =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <remarks>A socket that nobody listens on was left by a process that was killed: it is replaced.</remarks>
    /// <exception cref="StartException">Somebody listens there, what is there is no socket and is left alone, or the
    /// path cannot be used.</exception>
    public static Socket Bind(string flag, string path)
    {
        UnixDomainSocketEndPoint endPoint = new(path);
        try
        {
            bool? isSocket = NativeCalls.IsSocket(path);
            if (isSocket == false)
            {
                throw new StartException($"{flag}: there is something at that path that is not a socket");
            }

            if (isSocket == true && IsAlone(endPoint))
            {
                File.Delete(path);
            }

            Socket socket = BindOnly(endPoint);
            if (OperatingSystem.IsLinux())
            {
                File.SetUnixFileMode(path, OwnerAndGroup);
            }

            return socket;
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{flag}: {e.Message}", e);
        }
    }

    // A Socket that was bound takes the path away with it, even when a successor listens there: one that finds its
    // descriptor bound does not.
    private static Socket BindOnly(UnixDomainSocketEndPoint endPoint)
    {
        Socket unbound = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        int descriptor = (int)unbound.SafeHandle.DangerousGetHandle();
        SocketAddress address = endPoint.Serialize();
        NativeCalls.Bind(descriptor, address.Buffer.Span[..address.Size]);
        unbound.SafeHandle.SetHandleAsInvalid();
        return new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
    }

    private static bool IsAlone(UnixDomainSocketEndPoint endPoint)
    {
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(endPoint);
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }
}
