using System.Text;

namespace FnLb.Core.Http1;

/// <summary>Writes complete answers of our own in the shape of Fn: <c>{"error":{"message":"…"}}</c>.</summary>
internal static class ErrorResponseWriter
{
    // All names, separators and numbers that are written from constants; the test of the bound keeps it true.
    private const int ConstantBytesMax = 256;

    // A control character becomes \u00XX; UTF-8 takes up to three bytes for one char.
    private const int BytesPerCharMax = 6;

    private static ReadOnlySpan<byte> BodyStart => "{\"error\":{\"message\":\""u8;

    private static ReadOnlySpan<byte> BodyEnd => "\"}}"u8;

    /// <summary>An upper bound on what <see cref="Write"/> writes.</summary>
    public static int MaxBytes(in ErrorResponse response) =>
        response.Message.Length * BytesPerCharMax + response.Date.Length + response.Allow.Length + ConstantBytesMax;

    /// <param name="destination">At least <see cref="MaxBytes"/> long.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(in ErrorResponse response, Span<byte> destination)
    {
        int escapedBytes = EscapedBytes(response.Message);
        int bodyBytes = escapedBytes == 0 ? 0 : BodyStart.Length + escapedBytes + BodyEnd.Length;
        SpanWriter writer = new(destination);
        writer.Write("HTTP/1.1 "u8);
        writer.WriteDecimal(response.Status);
        writer.Write((byte)' ');
        writer.Write(ReasonPhrase.Of(response.Status));
        writer.Write("\r\n"u8);
        writer.WriteField("Date"u8, response.Date);
        if (bodyBytes > 0)
        {
            writer.WriteField("Content-Type"u8, "application/json"u8);
        }

        writer.Write("Content-Length: "u8);
        writer.WriteDecimal(bodyBytes);
        writer.Write("\r\n"u8);
        if (!response.Allow.IsEmpty)
        {
            writer.WriteField("Allow"u8, response.Allow);
        }

        if (response.RetryAfterSeconds > 0)
        {
            writer.Write("Retry-After: "u8);
            writer.WriteDecimal(response.RetryAfterSeconds);
            writer.Write("\r\n"u8);
        }

        ReadOnlySpan<byte> stays = response.ClientIsHttp10 ? "Connection: keep-alive\r\n"u8 : default;
        writer.Write(response.Close ? "Connection: close\r\n"u8 : stays);
        writer.Write("\r\n"u8);
        if (bodyBytes > 0 && !response.IsHead)
        {
            writer.Write(BodyStart);
            WriteEscaped(ref writer, response.Message);
            writer.Write(BodyEnd);
        }

        return writer.Length;
    }

    private static int EscapedBytes(ReadOnlySpan<char> text)
    {
        int bytes = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bytes += MustEscape(rune) ? 6 : rune.Utf8SequenceLength;
        }

        return bytes;
    }

    private static void WriteEscaped(ref SpanWriter writer, ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (MustEscape(rune))
            {
                writer.Write("\\u00"u8);
                writer.Write((byte)"0123456789ABCDEF"[rune.Value >> 4]);
                writer.Write((byte)"0123456789ABCDEF"[rune.Value & 0xF]);
                continue;
            }

            writer.Write(utf8[..rune.EncodeToUtf8(utf8)]);
        }
    }

    // RFC 8259 section 7. All of these are below 80, so that two hexadecimal digits do.
    private static bool MustEscape(Rune rune) => rune.Value is < 0x20 or '"' or '\\' or 0x7F;
}
