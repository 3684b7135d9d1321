using System.Buffers.Text;
using System.Diagnostics;

namespace FnLb.Core.Http1;

/// <summary>
/// Frames body bytes as chunks (RFC 9112 section 7.1): size line, data, <see cref="DataEnd"/>; at the end
/// <see cref="LastChunk"/> and a trailer section.
/// </summary>
internal static class ChunkWriter
{
    /// <summary>Most bytes a size line takes.</summary>
    public const int SizeLineBytesMax = 8 + 2;

    /// <summary>Most bytes of framing around one chunk's data.</summary>
    public const int FrameBytesMax = SizeLineBytesMax + 2;

    /// <summary>After the data of each chunk.</summary>
    public static ReadOnlySpan<byte> DataEnd => "\r\n"u8;

    /// <summary>Before the trailer section, which ends in an empty line.</summary>
    public static ReadOnlySpan<byte> LastChunk => "0\r\n"u8;

    /// <summary>The end of a body without trailers.</summary>
    public static ReadOnlySpan<byte> End => "0\r\n\r\n"u8;

    /// <param name="dataBytes">1 or more: 0 would end the body.</param>
    /// <param name="destination">At least <see cref="SizeLineBytesMax"/> long.</param>
    /// <returns>Bytes written.</returns>
    public static int WriteSizeLine(int dataBytes, Span<byte> destination)
    {
        Debug.Assert(dataBytes > 0);
        bool fits = Utf8Formatter.TryFormat(dataBytes, destination, out int sizeBytes, 'X');
        Debug.Assert(fits);
        DataEnd.CopyTo(destination[sizeBytes..]);
        return sizeBytes + DataEnd.Length;
    }
}
