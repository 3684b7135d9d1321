using System.ComponentModel;
using System.Globalization;
using System.Net.Sockets;

namespace FnLb.Host.Lifecycle;

/// <summary>Sockets that were open before this process was: from systemd, or from a balancer that hands over.</summary>
/// <remarks>
/// systemd's protocol is sd_listen_fds(3): descriptors from 3 on, counted by LISTEN_FDS and named by LISTEN_FDNAMES,
/// meant for the process LISTEN_PID. A balancer that hands over cannot know its successor's process id before that
/// runs, so it names the descriptors in a variable of its own.
/// </remarks>
internal sealed record InheritedSockets
{
    /// <summary>Such as <c>traffic=12,admin=13,control=14</c>.</summary>
    public const string HandOverVariable = "FNLB_HANDOVER";

    public const string TrafficName = "traffic";
    public const string AdminName = "admin";
    public const string ControlName = "control";

    private const int FirstListenDescriptor = 3;

    /// <summary>Listens for calls; null to bind one.</summary>
    public Socket? Traffic { get; init; }

    /// <summary>Listens for the admin API; null to bind one.</summary>
    public Socket? Admin { get; init; }

    /// <summary>Connected to the balancer that hands over; null when none does.</summary>
    public Socket? Control { get; init; }

    /// <param name="variable">Gives the value of an environment variable; null when it is not set.</param>
    /// <exception cref="StartException">A descriptor that was announced is not what it should be.</exception>
    public static InheritedSockets Take(Func<string, string?> variable, int processId)
    {
        if (variable(HandOverVariable) is { Length: > 0 } handedOver)
        {
            return From(HandOverVariable, HandedOver(handedOver));
        }

        bool isMeantForUs = variable("LISTEN_PID") == processId.ToString(CultureInfo.InvariantCulture);
        return isMeantForUs && int.TryParse(variable("LISTEN_FDS"), out int count) && count > 0
            ? From("LISTEN_FDS", Activated(count, variable("LISTEN_FDNAMES") ?? ""))
            : new InheritedSockets();
    }

    private static InheritedSockets From(string variable, Dictionary<string, int> descriptors) => new()
    {
        Traffic = Adopt(variable, descriptors, TrafficName),
        Admin = Adopt(variable, descriptors, AdminName),
        Control = Adopt(variable, descriptors, ControlName),
    };

    private static Socket? Adopt(string variable, Dictionary<string, int> descriptors, string name)
    {
        if (!descriptors.TryGetValue(name, out int descriptor))
        {
            return null;
        }

        try
        {
            NativeCalls.SetInherited(descriptor, isInherited: false);
            Socket socket = new(new SafeSocketHandle(descriptor, ownsHandle: true));
            return IsListening(socket) == (name != ControlName)
                ? socket
                : throw new StartException($"{variable}: descriptor {descriptor} is not a socket for {name}");
        }
        catch (Exception e) when (e is Win32Exception or ArgumentException)
        {
            throw new StartException($"{variable}: descriptor {descriptor} is not a socket: {e.Message}", e);
        }
    }

    // SO_ACCEPTCONN of SOL_SOCKET, which .NET has no name for.
    private static bool IsListening(Socket socket)
    {
        Span<byte> value = stackalloc byte[sizeof(int)];
        _ = socket.GetRawSocketOption(1, 30, value);
        return value[0] != 0;
    }

    private static Dictionary<string, int> HandedOver(string text)
    {
        Dictionary<string, int> descriptors = [];
        foreach (string part in text.Split(','))
        {
            string[] pair = part.Split('=');
            if (pair.Length != 2 || !int.TryParse(pair[1], out int descriptor))
            {
                throw new StartException($"{HandOverVariable} \"{text}\": is set by a balancer that hands over alone");
            }

            descriptors[pair[0]] = descriptor;
        }

        return descriptors;
    }

    // Sockets by the name of their unit or without one take the roles that are left, in their order.
    private static Dictionary<string, int> Activated(int count, string names)
    {
        Dictionary<string, int> descriptors = [];
        string[] given = names.Split(':');
        List<int> unnamed = [];
        for (int index = 0; index < count; index++)
        {
            string name = given.ElementAtOrDefault(index) ?? "";
            if (name is not (TrafficName or AdminName) || !descriptors.TryAdd(name, FirstListenDescriptor + index))
            {
                unnamed.Add(FirstListenDescriptor + index);
            }
        }

        foreach (int descriptor in unnamed)
        {
            if (!descriptors.TryAdd(TrafficName, descriptor) && !descriptors.TryAdd(AdminName, descriptor))
            {
                throw new StartException(
                    $"LISTEN_FDS \"{count}\": at most two sockets can be taken, one for calls, one for the node API");
            }
        }

        return descriptors;
    }
}
