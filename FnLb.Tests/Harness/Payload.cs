using System.Globalization;
using System.Text;

namespace FnLb.Tests.Harness;

/// <summary>Bodies to send, the same in every run.</summary>
internal static class Payload
{
    /// <summary>Bytes without any pattern that a copy error could hide behind.</summary>
    public static byte[] Random(int length)
    {
        byte[] bytes = new byte[length];
        new Random(17).NextBytes(bytes);
        return bytes;
    }

    /// <summary>
    /// The body in chunks of uneven sizes, the last chunk and the end of an empty trailer section included.
    /// </summary>
    public static byte[] Chunked(ReadOnlySpan<byte> body)
    {
        Random sizes = new(23);
        using MemoryStream wire = new();
        while (!body.IsEmpty)
        {
            int size = Math.Min(body.Length, sizes.Next(1, 40_000));
            wire.Write(Encoding.ASCII.GetBytes(size.ToString("x", CultureInfo.InvariantCulture)));
            wire.Write("\r\n"u8);
            wire.Write(body[..size]);
            wire.Write("\r\n"u8);
            body = body[size..];
        }

        wire.Write("0\r\n\r\n"u8);
        return wire.ToArray();
    }
}
