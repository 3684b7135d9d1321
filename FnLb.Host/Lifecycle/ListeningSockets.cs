using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using FnLb.Host.CommandLine;

namespace FnLb.Host.Lifecycle;

/// <summary>The two listening sockets, bound but not listening yet, and how the admin one is reached.</summary>
/// <remarks>
/// The runtime sets SO_REUSEADDR at bind; asking for it through Socket would set SO_REUSEPORT as well, so two balancers
/// could share a port without knowing.
/// </remarks>
internal sealed class ListeningSockets : IDisposable
{
    private ListeningSockets(Socket traffic, Socket admin)
    {
        Traffic = traffic;
        Admin = admin;
    }

    public Socket Traffic { get; }

    /// <summary>On an address of its own, or an abstract unix socket behind the traffic listener.</summary>
    public Socket Admin { get; }

    public bool SharesAddress => Admin.AddressFamily == AddressFamily.Unix;

    /// <exception cref="StartException">An address does not exist here, is in use, or needs privileges.</exception>
    public static async Task<ListeningSockets> BindAsync(ListenAddress traffic, ListenAddress admin)
    {
        IPEndPoint trafficEndPoint = await ResolveAsync("-listen", traffic);
        IPEndPoint adminEndPoint = await ResolveAsync("-mgmt-listen", admin);
        Socket trafficSocket = Bind("-listen", traffic, trafficEndPoint);
        try
        {
            Socket adminSocket = IsSame(trafficEndPoint, adminEndPoint)
                ? BindAbstract()
                : Bind("-mgmt-listen", admin, adminEndPoint);
            return new ListeningSockets(trafficSocket, adminSocket);
        }
        catch
        {
            trafficSocket.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Traffic.Dispose();
        Admin.Dispose();
    }

    private static bool IsSame(IPEndPoint left, IPEndPoint right) =>
        left.Port == right.Port
        && (left.Address.Equals(right.Address) || (IsAny(left.Address) && IsAny(right.Address)));

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static async Task<IPEndPoint> ResolveAsync(string flag, ListenAddress address)
    {
        if (address.Host.Length == 0)
        {
            return new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, address.Port);
        }

        if (IPAddress.TryParse(address.Host, out IPAddress? literal))
        {
            return new IPEndPoint(literal, address.Port);
        }

        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(address.Host);
            return new IPEndPoint(found[0], address.Port);
        }
        catch (SocketException e)
        {
            throw new StartException($"{flag} \"{address}\": the host must be an address here: {e.Message}", e);
        }
    }

    private static Socket Bind(string flag, ListenAddress address, IPEndPoint endPoint)
    {
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = endPoint.Address.Equals(IPAddress.IPv6Any);
            }

            socket.Bind(endPoint);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            string rule = e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "the address is in use: stop who listens there or choose another",
                SocketError.AccessDenied => "this user may not listen there: choose a port from 1024 on",
                SocketError.AddressNotAvailable => "the host must be an address of this machine",
                _ => e.Message,
            };
            throw new StartException($"{flag} \"{address}\": {rule}", e);
        }
    }

    private static Socket BindAbstract()
    {
        string name = $"\0fnlb-admin-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(name));
        return socket;
    }
}
