using System.Net;
using System.Net.Sockets;
using FnLb.Host.CommandLine;

namespace FnLb.Host.Lifecycle;

/// <summary>The two listening sockets. Bound first of all, they listen when somebody is about to accept.</summary>
/// <remarks>
/// The runtime sets SO_REUSEADDR at bind; asking for it through Socket would set SO_REUSEPORT as well, so two balancers
/// could share a port without knowing.
/// </remarks>
internal sealed class ListeningSockets : IDisposable
{
    private const int Backlog = 4096;

    private readonly string _trafficFlag;
    private readonly string _adminFlag;

    private ListeningSockets(Socket traffic, string trafficFlag, Socket admin, string adminFlag)
    {
        Traffic = traffic;
        _trafficFlag = trafficFlag;
        Admin = admin;
        _adminFlag = adminFlag;
        TrafficEndPoint = traffic.LocalEndPoint!;
        AdminEndPoint = admin.LocalEndPoint!;
    }

    public Socket Traffic { get; }

    /// <summary>On an address of its own, or an abstract unix socket behind the traffic listener.</summary>
    public Socket Admin { get; }

    public bool SharesAddress { get; private init; }

    /// <summary>Names of the flags whose address is not that of the socket, which was there before.</summary>
    public IReadOnlyList<string> Overruled { get; private init; } = [];

    public EndPoint TrafficEndPoint { get; }

    public EndPoint AdminEndPoint { get; }

    /// <exception cref="StartException">An address does not exist here, is in use, or needs privileges.</exception>
    /// <param name="inherited">Sockets that are there already take the place of the addresses.</param>
    public static async Task<ListeningSockets> BindAsync(
        ListenAddress traffic, ListenAddress admin, InheritedSockets inherited)
    {
        string trafficFlag = $"-listen \"{traffic}\"";
        string adminFlag = $"-mgmt-listen \"{admin}\"";
        IPEndPoint trafficEndPoint = await ResolveAsync(trafficFlag, traffic);
        IPEndPoint? adminEndPoint = admin.Path is null ? await ResolveAsync(adminFlag, admin) : null;
        bool isShared = inherited.Admin is null && adminEndPoint is not null && IsSame(trafficEndPoint, adminEndPoint);
        Socket trafficSocket = inherited.Traffic ?? Bind(trafficFlag, trafficEndPoint);
        try
        {
            Socket adminSocket = inherited.Admin ?? (isShared ? BindAbstract()
                : admin.Path is { } path ? UnixListener.Bind(adminFlag, path)
                : Bind(adminFlag, adminEndPoint!));
            return new ListeningSockets(trafficSocket, trafficFlag, adminSocket, adminFlag)
            {
                SharesAddress = isShared,
                Overruled = [
                    .. IsAt(trafficSocket, trafficEndPoint) ? (string[])[] : ["listen"],
                    .. isShared || IsAt(adminSocket, adminEndPoint, admin.Path) ? (string[])[] : ["mgmt-listen"],
                ],
            };
        }
        catch
        {
            trafficSocket.Dispose();
            throw;
        }
    }

    /// <exception cref="StartException">Another process, bound at the same moment, was the first to listen.</exception>
    public void ListenForTraffic() => Listen(_trafficFlag, Traffic);

    /// <inheritdoc cref="ListenForTraffic"/>
    public void ListenForAdmin() => Listen(_adminFlag, Admin);

    /// <summary>The descriptors by name, for a successor; an address that is shared is in them once.</summary>
    public Dictionary<string, int> Descriptors()
    {
        Dictionary<string, int> descriptors = new()
        {
            [InheritedSockets.TrafficName] = (int)Traffic.SafeHandle.DangerousGetHandle(),
        };
        if (!SharesAddress)
        {
            descriptors.Add(InheritedSockets.AdminName, (int)Admin.SafeHandle.DangerousGetHandle());
        }

        return descriptors;
    }

    public void Dispose()
    {
        Traffic.Dispose();
        Admin.Dispose();
    }

    // Port 0 is any; a path is what stands where there is no address.
    private static bool IsAt(Socket socket, IPEndPoint? asked, string? path = null) =>
        asked is { Port: 0 }
        || (socket.LocalEndPoint is IPEndPoint actual
            ? asked is not null && IsSame(actual, asked)
            : asked is null && socket.LocalEndPoint?.ToString() == path);

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

            // A name with both kinds of address means the older one, as it does to Go.
            IPAddress? v4 = found.FirstOrDefault(found => found.AddressFamily == AddressFamily.InterNetwork);
            return new IPEndPoint(v4 ?? found[0], address.Port);
        }
        catch (SocketException e)
        {
            throw new StartException($"{flag}: the host must be an address here: {e.Message}", e);
        }
    }

    private static Socket Bind(string flag, IPEndPoint endPoint)
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
            throw Explain(flag, e);
        }
    }

    private static void Listen(string flag, Socket socket)
    {
        try
        {
            socket.Listen(Backlog);
        }
        catch (SocketException e)
        {
            throw Explain(flag, e);
        }
    }

    private static StartException Explain(string flag, SocketException e)
    {
        string rule = e.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => "the address is in use: stop who listens there or choose another",
            SocketError.AccessDenied => "this user may not listen there: choose a port from 1024 on",
            SocketError.AddressNotAvailable => "the host must be an address of this machine",
            _ => e.Message,
        };
        return new StartException($"{flag}: {rule}", e);
    }

    private static Socket BindAbstract()
    {
        string name = $"\0fnlb-admin-{Environment.ProcessId}-{Guid.NewGuid():N}";
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(name));

        // The first call of all may be for the node API, and waits here until it is there.
        socket.Listen(Backlog);
        return socket;
    }
}
