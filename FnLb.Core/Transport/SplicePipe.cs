using System.Runtime.InteropServices;

namespace FnLb.Core.Transport;

/// <summary>
/// A pipe of the kernel through which bytes pass from one socket to another without being copied (splice(2)).
/// </summary>
/// <remarks>Belongs to one relay at a time; <see cref="SplicePipePool"/> lends them.</remarks>
internal sealed unsafe class SplicePipe
{
    /// <summary>What a pipe holds at most: the kernel's default of sixteen pages.</summary>
    public const int BytesMax = 64 * 1024;

    private const int Move = 1;
    private const int NonBlock = 2;

    private readonly int _reader;
    private readonly int _writer;

    private SplicePipe(int reader, int writer)
    {
        _reader = reader;
        _writer = writer;
    }

    /// <summary>Bytes taken from one socket and not yet given to the other.</summary>
    public int Bytes { get; private set; }

    /// <returns>Null when there is no descriptor left for it.</returns>
    public static SplicePipe? TryOpen()
    {
        int* ends = stackalloc int[2];
        return LibC.Pipe(ends, LibC.PipeNonBlock | LibC.PipeCloseOnExec) == 0 ? new SplicePipe(ends[0], ends[1]) : null;
    }

    /// <summary>Takes bytes from a socket; only while the pipe is empty, so that it is the socket that would
    /// block.</summary>
    /// <returns>As <see cref="NativeSocket.Receive"/>.</returns>
    public int Fill(NativeSocket source, int bytesMax)
    {
        int moved = MoveBytes(source.Descriptor, _writer, Math.Min(bytesMax, BytesMax));
        Bytes = Math.Max(moved, 0);
        return moved;
    }

    /// <summary>Gives bytes to a socket.</summary>
    /// <returns>As <see cref="NativeSocket.Send"/>.</returns>
    public int Drain(NativeSocket target)
    {
        int moved = MoveBytes(_reader, target.Descriptor, Bytes);
        Bytes -= Math.Max(moved, 0);
        return moved;
    }

    public void Close()
    {
        _ = LibC.Close(_reader);
        _ = LibC.Close(_writer);
    }

    private static int MoveBytes(int from, int to, int bytes)
    {
        nint moved = LibC.Splice(from, null, to, null, bytes, Move | NonBlock);
        return moved >= 0 ? (int)moved : NativeSocket.Failure(Marshal.GetLastPInvokeError());
    }
}
