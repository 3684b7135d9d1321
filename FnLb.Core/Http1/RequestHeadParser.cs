namespace FnLb.Core.Http1;

/// <summary>Parses the head of a request in place (RFC 9112 sections 2 to 6).</summary>
internal static class RequestHeadParser
{
    /// <summary>Reads a head from the start of <paramref name="input"/>.</summary>
    /// <returns>Incomplete consumes nothing: call again from the same start with more bytes. Rejected comes as soon as the bytes at hand can never
    /// become a valid head, or exceed a limit. Complete fills <paramref name="head"/>.</returns>
    public static ParseStatus TryParse(ReadOnlySpan<byte> input, HeadLimits limits, RequestHead head, out Rejection rejection) =>
        throw new NotImplementedException();
}
