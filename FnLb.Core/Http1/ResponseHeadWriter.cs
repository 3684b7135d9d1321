namespace FnLb.Core.Http1;

/// <summary>Writes the head of a relayed response as HTTP/1.1.</summary>
internal static class ResponseHeadWriter
{
    /// <summary>An upper bound on what <see cref="Write"/> writes.</summary>
    public static int MaxBytes(ResponseHead head) => throw new NotImplementedException();

    /// <param name="input">The bytes <paramref name="head"/> was parsed from.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(ReadOnlySpan<byte> input, ResponseHead head, in ResponseHop hop, Span<byte> destination) => throw new NotImplementedException();
}
