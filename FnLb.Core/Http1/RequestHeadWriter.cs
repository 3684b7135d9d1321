namespace FnLb.Core.Http1;

/// <summary>Writes the head of a forwarded request as HTTP/1.1.</summary>
internal static class RequestHeadWriter
{
    /// <summary>An upper bound on what <see cref="Write"/> writes.</summary>
    public static int MaxBytes(RequestHead head, in RequestHop hop) => throw new NotImplementedException();

    /// <param name="input">The bytes <paramref name="head"/> was parsed from.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(ReadOnlySpan<byte> input, RequestHead head, in RequestHop hop, Span<byte> destination) => throw new NotImplementedException();
}
