using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FnLb.Host.Telemetry;

/// <summary>Opens a file so that every write goes to what is its end at that moment, and writes to it.</summary>
/// <remarks>
/// FileMode.Append only begins at the end and then counts by itself: two processes that write during a hand-over would
/// overwrite each other, and a file that is truncated under the writer would get a hole. O_APPEND has the kernel find
/// the end. Standard output is written to in the same way, since that of Console is locked together with its standard
/// error: while nobody reads the one, nothing could be said on the other.
/// </remarks>
internal static partial class AppendedFile
{
    private const int WriteOnly = 1;
    private const int Create = 0x40;
    private const int Append = 0x400;
    private const int CloseOnExec = 0x80000;

    // Read and write for all, less what the umask takes away, as .NET creates files.
    private const int Mode = 0x1B6;

    private const int Interrupted = 4;
    private const int TryAgain = 11;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(10);

    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle Open(string path)
    {
        int descriptor = Open(path, WriteOnly | Create | Append | CloseOnExec, Mode);
        return descriptor < 0
            ? throw new IOException(Marshal.GetLastPInvokeErrorMessage())
            : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Standard output of this process, which stays open.</summary>
    public static SafeFileHandle StandardOutput() => new(1, ownsHandle: false);

    /// <summary>Blocks until all is written, for as long as that may take.</summary>
    /// <exception cref="IOException">It cannot be written, or not all of it.</exception>
    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint written = Write(file, bytes, bytes.Length);
            if (written >= 0)
            {
                bytes = bytes[(int)written..];
                continue;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    break;
                case TryAgain:
                    // Another process that has standard output too does not want to block.
                    Thread.Sleep(RetryPause);
                    break;
                default:
                    throw new IOException(Marshal.GetLastPInvokeErrorMessage());
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, nint length);
}
