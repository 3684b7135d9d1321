namespace FnLb.Core.Http1;

/// <summary>Parses the head of a request in place (RFC 9112 sections 2 to 6).</summary>
/// <remarks>Never throws and never allocates. The grammar is checked as the bytes come; what the fields say together
/// (Host, framing) is judged when the head is whole.</remarks>
internal static class RequestHeadParser
{
    // RFC 9112 section 2.2 asks for one; old clients send one after a body.
    private const int EmptyLinesMax = 4;

    /// <summary>Reads a head from the start of <paramref name="input"/>.</summary>
    /// <returns>Incomplete consumes nothing: call again from the same start with more bytes. Rejected comes as soon as
    /// the bytes at hand can never become a valid head, or exceed a limit. Complete fills <paramref name="head"/>,
    /// which is undefined otherwise.</returns>
    public static ParseStatus TryParse(
        ReadOnlySpan<byte> input, HeadLimits limits, RequestHead head, out Rejection rejection)
    {
        ReadOnlySpan<byte> window = input.Length > limits.HeadBytesMax ? input[..limits.HeadBytesMax] : input;
        ParseStatus status = Parse(window, limits, head, out rejection);
        if (status == ParseStatus.Incomplete && window.Length >= limits.HeadBytesMax)
        {
            rejection = Rejection.HeadTooLarge;
            return ParseStatus.Rejected;
        }

        return status;
    }

    private static ParseStatus Parse(
        ReadOnlySpan<byte> input, HeadLimits limits, RequestHead head, out Rejection rejection)
    {
        ParseStatus status = SkipEmptyLines(input, out int start, out rejection);
        if (status != ParseStatus.Complete)
        {
            return status;
        }

        int lineBytesMax = limits.StartLineBytesMax;
        status = RequestLineParser.TryParse(input, start, lineBytesMax, out RequestLine line, out rejection);
        if (status != ParseStatus.Complete)
        {
            return status;
        }

        rejection = RequestTarget.Parse(input, line, head);
        if (rejection != Rejection.None)
        {
            return ParseStatus.Rejected;
        }

        status = FieldSectionParser.TryParse(input, line.End, head.Fields, out int end, out rejection);
        if (status != ParseStatus.Complete)
        {
            return status;
        }

        head.Length = end;
        head.Method = line.Method;
        head.MethodText = line.MethodText;
        head.IsHttp10 = line.IsHttp10;
        bool isVerbatim = line.IsHttp11 && head.PathAndQuery.Length == line.Target.Length;
        head.VerbatimLine = isVerbatim ? new Slice(start, line.End - start) : default;
        rejection = RequestFields.Interpret(input, head);
        return rejection == Rejection.None ? ParseStatus.Complete : ParseStatus.Rejected;
    }

    private static ParseStatus SkipEmptyLines(ReadOnlySpan<byte> input, out int start, out Rejection rejection)
    {
        start = 0;
        rejection = Rejection.None;
        while (start < input.Length && input[start] is (byte)'\r' or (byte)'\n')
        {
            rejection = start == EmptyLinesMax * 2 ? Rejection.TooManyEmptyLines
                : input[start] == '\n' ? Rejection.BareLf
                : start + 1 < input.Length && input[start + 1] != '\n' ? Rejection.BareCr
                : Rejection.None;
            if (rejection != Rejection.None)
            {
                return ParseStatus.Rejected;
            }

            start += 2;
        }

        return start < input.Length ? ParseStatus.Complete : ParseStatus.Incomplete;
    }
}
