using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FnLb.Tests.Harness;

/// <summary>Sockets that listen in this process and are passed to the executable, as systemd would.</summary>
internal sealed partial class ActivatedFnlb : IDisposable
{
    private const int SetDescriptorFlags = 2;

    public Socket Traffic { get; } = Listen();

    public Socket Admin { get; } = Listen();

    public int Port => ((IPEndPoint)Traffic.LocalEndPoint!).Port;

    public int AdminPort => ((IPEndPoint)Admin.LocalEndPoint!).Port;

    /// <summary>Starts the executable with the sockets as descriptors 3 and 4.</summary>
    /// <param name="adminFirst">In which order.</param>
    /// <param name="names">LISTEN_FDNAMES.</param>
    public FnlbProcess Launch(
        bool adminFirst, string names, IEnumerable<string> flags)
    {
        int[] descriptors = [.. new[] { Traffic, Admin }.Select(socket => (int)socket.SafeHandle.DangerousGetHandle())];
        if (adminFirst)
        {
            Array.Reverse(descriptors);
        }

        // A shell knows its process id, which stays when it becomes the executable.
        string script = string.Create(CultureInfo.InvariantCulture,
            $"exec 3<&{descriptors[0]} 4<&{descriptors[1]}; export LISTEN_PID=$$ LISTEN_FDS=2; exec \"$@\"");
        Dictionary<string, string> variables = new() { ["LISTEN_FDNAMES"] = names };
        SetInherited(descriptors, isInherited: true);
        try
        {
            return FnlbProcess.LaunchBy(
                "/bin/bash", ["-c", script, "bash", FnlbExecutable.Path, .. flags], Port, AdminPort, variables);
        }
        finally
        {
            SetInherited(descriptors, isInherited: false);
        }
    }

    public void Dispose()
    {
        Traffic.Dispose();
        Admin.Dispose();
    }

    private static Socket Listen()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, FreePort.Next()));
        socket.Listen(4096);
        return socket;
    }

    private static void SetInherited(int[] descriptors, bool isInherited)
    {
        foreach (int descriptor in descriptors)
        {
            _ = Control(descriptor, SetDescriptorFlags, isInherited ? 0 : 1);
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, nint argument);
}
