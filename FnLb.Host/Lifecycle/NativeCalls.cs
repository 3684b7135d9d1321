using System.ComponentModel;
using System.Runtime.InteropServices;

namespace FnLb.Host.Lifecycle;

/// <summary>Calls of the C library about descriptors that are passed between processes.</summary>
internal static partial class NativeCalls
{
    private const int GetDescriptorFlags = 1;
    private const int SetDescriptorFlags = 2;
    private const int CloseOnExec = 1;
    private const int FamilyUnix = 1;
    private const int Terminate = 15;
    private const int TypeStreamCloseOnExec = 1 | 0x80000;

    /// <returns>False when there is no such descriptor.</returns>
    public static bool IsOpen(int descriptor) => Control(descriptor, GetDescriptorFlags, 0) >= 0;

    /// <summary>Whether programs that this one starts get the descriptor too.</summary>
    public static void SetInherited(int descriptor, bool isInherited)
    {
        if (Control(descriptor, SetDescriptorFlags, isInherited ? 0 : CloseOnExec) < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"fcntl on descriptor {descriptor} failed");
        }
    }

    /// <summary>Two unix stream sockets, connected to each other; programs that are started get neither.</summary>
    public static unsafe (int Here, int There) SocketPair()
    {
        int* pair = stackalloc int[2];
        return SocketPair(FamilyUnix, TypeStreamCloseOnExec, 0, pair) == 0
            ? (pair[0], pair[1])
            : throw new Win32Exception(Marshal.GetLastPInvokeError(), "socketpair failed");
    }

    /// <summary>Sends SIGTERM; a process that has ended is none to ask.</summary>
    public static void AskToStop(int processId) => _ = Kill(processId, Terminate);

    /// <param name="address">A sockaddr as the kernel has it.</param>
    /// <exception cref="Win32Exception"/>
    public static unsafe void Bind(int descriptor, ReadOnlySpan<byte> address)
    {
        fixed (byte* bytes = address)
        {
            if (Bind(descriptor, bytes, address.Length) != 0)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError());
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static unsafe partial int Bind(int descriptor, byte* address, int addressBytes);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static unsafe partial int SocketPair(int family, int type, int protocol, int* pair);
}
