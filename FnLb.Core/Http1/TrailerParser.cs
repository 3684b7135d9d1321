namespace FnLb.Core.Http1;

/// <summary>Parses the trailer section after the last chunk, up to and with the empty line (RFC 9112 section 7.1.2).</summary>
internal static class TrailerParser
{
    /// <param name="length">Bytes of the section, the final CRLF included.</param>
    /// <returns>As <see cref="RequestHeadParser.TryParse"/>.</returns>
    public static ParseStatus TryParse(
        ReadOnlySpan<byte> input, HeadLimits limits, FieldTable trailers, out int length, out Rejection rejection) => throw new NotImplementedException();
}
