using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FnLb.Host.Telemetry;

/// <summary>Opens a file so that every write goes to what is its end at that moment.</summary>
/// <remarks>
/// FileMode.Append only begins at the end and then counts by itself: two processes that write during a hand-over would
/// overwrite each other, and a file that is truncated under the writer would get a hole. O_APPEND has the kernel find
/// the end, for pwrite(2) as well.
/// </remarks>
internal static partial class AppendedFile
{
    private const int WriteOnly = 1;
    private const int Create = 0x40;
    private const int Append = 0x400;
    private const int CloseOnExec = 0x80000;

    // Read and write for all, less what the umask takes away, as .NET creates files.
    private const int Mode = 0x1B6;

    /// <exception cref="IOException">It cannot be opened.</exception>
    public static FileStream Open(string path)
    {
        int descriptor = Open(path, WriteOnly | Create | Append | CloseOnExec, Mode);
        return descriptor < 0
            ? throw new IOException(Marshal.GetLastPInvokeErrorMessage())
            : new FileStream(
                new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write, bufferSize: 0, isAsync: false);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);
}
