using System.Buffers;
using FnLb.Core.Http1;

namespace FnLb.Core.Proxy;

/// <summary>Bytes that came from a client, made harmless for a log: none of them can end a field or a line.</summary>
internal static class LogText
{
    /// <summary>What one byte becomes at most.</summary>
    public const int GrowthMax = 6;

    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    /// <summary>
    /// Writes text that the caller has put between quotes, other bytes as \u00XX: valid JSON whatever comes.
    /// </summary>
    public static void WriteJson(ref SpanWriter writer, scoped ReadOnlySpan<byte> text) =>
        Write(ref writer, text, "\\u00"u8);

    /// <summary>Writes text between quotes, each other byte as \xXX, as web servers do.</summary>
    public static void WriteQuoted(ref SpanWriter writer, scoped ReadOnlySpan<byte> text)
    {
        writer.Write((byte)'"');
        Write(ref writer, text, "\\x"u8);
        writer.Write((byte)'"');
    }

    private static void Write(ref SpanWriter writer, scoped ReadOnlySpan<byte> text, scoped ReadOnlySpan<byte> escape)
    {
        int odd = text.IndexOfAnyExcept(Plain);
        while (odd >= 0)
        {
            writer.Write(text[..odd]);
            writer.Write(escape);
            writer.Write(Hex(text[odd] >> 4));
            writer.Write(Hex(text[odd] & 15));
            text = text[(odd + 1)..];
            odd = text.IndexOfAnyExcept(Plain);
        }

        writer.Write(text);
    }

    private static byte Hex(int digit) => "0123456789ABCDEF"u8[digit];
}
