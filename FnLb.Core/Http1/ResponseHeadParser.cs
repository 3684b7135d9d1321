namespace FnLb.Core.Http1;

/// <summary>Parses the head of a response in place (RFC 9112 sections 4 to 6).</summary>
/// <remarks>Never throws and never allocates. A node is held to the grammar as strictly as a client.</remarks>
internal static class ResponseHeadParser
{
    /// <summary>Reads a head from the start of <paramref name="input"/>.</summary>
    /// <param name="method">Of the request it answers.</param>
    /// <returns>Incomplete consumes nothing: call again from the same start with more bytes. Rejected comes as soon as
    /// the bytes at hand can never become a valid head, or exceed a limit. Complete fills <paramref name="head"/>,
    /// which is undefined otherwise.</returns>
    public static ParseStatus TryParse(
        ReadOnlySpan<byte> input, HeadLimits limits, RequestMethod method, ResponseHead head, out Rejection rejection)
    {
        ReadOnlySpan<byte> window = input.Length > limits.HeadBytesMax ? input[..limits.HeadBytesMax] : input;
        ParseStatus status = Parse(window, limits, method, head, out rejection);
        if (status == ParseStatus.Incomplete && window.Length >= limits.HeadBytesMax)
        {
            rejection = Rejection.HeadTooLarge;
            return ParseStatus.Rejected;
        }

        return status;
    }

    private static ParseStatus Parse(
        ReadOnlySpan<byte> input, HeadLimits limits, RequestMethod method, ResponseHead head, out Rejection rejection)
    {
        int lineBytesMax = limits.StartLineBytesMax;
        ParseStatus status = StatusLineParser.TryParse(input, lineBytesMax, out StatusLine line, out rejection);
        if (status != ParseStatus.Complete)
        {
            return status;
        }

        status = FieldSectionParser.TryParse(input, line.End, head.Fields, out int end, out rejection);
        if (status != ParseStatus.Complete)
        {
            return status;
        }

        head.Length = end;
        head.Status = line.Status;
        head.Reason = line.Reason;
        head.VerbatimLine = line.IsVerbatim ? new Slice(0, line.End) : default;
        head.IsHttp10 = line.IsHttp10;
        rejection = ResponseFields.Interpret(input, method, head);
        return rejection == Rejection.None ? ParseStatus.Complete : ParseStatus.Rejected;
    }
}
