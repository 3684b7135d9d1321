namespace FnLb.Core.Http1;

/// <summary>
/// Parses the trailer section after the last chunk, up to and with the empty line (RFC 9112 section 7.1.2).
/// </summary>
internal static class TrailerParser
{
    /// <param name="limits">A trailer section may be as large as a head.</param>
    /// <param name="length">Bytes of the section, the final CRLF included, when the result is Complete.</param>
    /// <returns>Incomplete consumes nothing: call again from the same start with more bytes. Rejected comes as soon as
    /// the bytes at hand can never become a valid section, or exceed a limit.</returns>
    public static ParseStatus TryParse(
        ReadOnlySpan<byte> input, HeadLimits limits, FieldTable trailers, out int length, out Rejection rejection)
    {
        ReadOnlySpan<byte> window = input.Length > limits.HeadBytesMax ? input[..limits.HeadBytesMax] : input;
        ParseStatus status = FieldSectionParser.TryParse(window, 0, trailers, out length, out rejection);
        if (status == ParseStatus.Incomplete && window.Length >= limits.HeadBytesMax)
        {
            rejection = Rejection.HeadTooLarge;
            return ParseStatus.Rejected;
        }

        return status;
    }
}
