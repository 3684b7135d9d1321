namespace FnLb.Core.Http1;

/// <summary>Parses the head of a response in place (RFC 9112 sections 4 to 6).</summary>
internal static class ResponseHeadParser
{
    /// <param name="method">Of the request it answers.</param>
    /// <returns>As <see cref="RequestHeadParser.TryParse"/>.</returns>
    public static ParseStatus TryParse(
        ReadOnlySpan<byte> input, HeadLimits limits, RequestMethod method, ResponseHead head, out Rejection rejection) => throw new NotImplementedException();
}
