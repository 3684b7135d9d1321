using System.ComponentModel;
using System.Runtime.InteropServices;

namespace FnLb.Host.Lifecycle;

/// <summary>Calls of the C library that the runtime has no name for: about descriptors and files.</summary>
internal static partial class NativeCalls
{
    private const int GetDescriptorFlags = 1;
    private const int SetDescriptorFlags = 2;
    private const int CloseOnExec = 1;
    private const int FamilyUnix = 1;
    private const int TypeStreamCloseOnExec = 1 | 0x80000;

    private const int AtWorkingDirectory = -100;
    private const int DoNotFollowLinks = 0x100;
    private const uint WantType = 1;
    private const int TypeMask = 0xF000;
    private const int TypeSocket = 0xC000;
    private const int StatusBytes = 256;
    private const int ModeOffset = 28;
    private const int ForWriting = 2;
    private const int NoSuchEntry = 2;

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

    /// <returns>Null when nothing has that path; a link to a socket is none.</returns>
    /// <exception cref="Win32Exception">It cannot be told.</exception>
    /// <remarks>statx(2), as the layout of what stat(2) gives differs between processors.</remarks>
    public static unsafe bool? IsSocket(string path)
    {
        byte* status = stackalloc byte[StatusBytes];
        if (Status(AtWorkingDirectory, path, DoNotFollowLinks, WantType, status) == 0)
        {
            return (*(ushort*)(status + ModeOffset) & TypeMask) == TypeSocket;
        }

        int error = Marshal.GetLastPInvokeError();
        return error == NoSuchEntry ? null : throw new Win32Exception(error);
    }

    /// <summary>Whether this user may write to a file, or make one in a folder; false when it is not there.</summary>
    public static bool CanWrite(string path) => Access(path, ForWriting) == 0;

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Status(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static unsafe partial int Bind(int descriptor, byte* address, int addressBytes);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static unsafe partial int SocketPair(int family, int type, int protocol, int* pair);
}
