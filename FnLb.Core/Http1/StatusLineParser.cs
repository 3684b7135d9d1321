namespace FnLb.Core.Http1;

/// <summary>
/// Parses HTTP-version SP status-code SP [reason] CRLF at the start of the input (RFC 9112 section 4).
/// </summary>
/// <remarks>
/// The SP before an empty reason may be missing: such nodes exist, and nothing is ambiguous about it.
/// </remarks>
internal static class StatusLineParser
{
    private static ReadOnlySpan<byte> Pattern => "HTTP/1.0 000"u8;

    public static ParseStatus TryParse(
        ReadOnlySpan<byte> input, int lineBytesMax, out StatusLine line, out Rejection rejection)
    {
        ReadOnlySpan<byte> window = input.Length > lineBytesMax ? input[..lineBytesMax] : input;
        ParseStatus status = Parse(window, out line, out rejection);
        if (status == ParseStatus.Incomplete && window.Length >= lineBytesMax)
        {
            rejection = Rejection.StatusLineTooLong;
            return ParseStatus.Rejected;
        }

        return status;
    }

    private static ParseStatus Parse(ReadOnlySpan<byte> input, out StatusLine line, out Rejection rejection)
    {
        line = default;
        rejection = MatchesPattern(input) ? Rejection.None : Rejection.InvalidStatusLine;
        if (rejection != Rejection.None || input.Length <= Pattern.Length)
        {
            return rejection == Rejection.None ? ParseStatus.Incomplete : ParseStatus.Rejected;
        }

        int reasonStart = Pattern.Length + (input[Pattern.Length] == ' ' ? 1 : 0);
        if (reasonStart == Pattern.Length && input[reasonStart] is not ((byte)'\r' or (byte)'\n'))
        {
            rejection = Rejection.InvalidStatusLine;
            return ParseStatus.Rejected;
        }

        ReadOnlySpan<byte> rest = input[reasonStart..];
        int reasonBytes = rest.IndexOfAny(ByteSets.Controls);
        if (reasonBytes < 0 || rest[reasonBytes..] is [(byte)'\r'])
        {
            return ParseStatus.Incomplete;
        }

        rejection = rest[reasonBytes..] switch
        {
            [(byte)'\r', (byte)'\n', ..] => Rejection.None,
            [(byte)'\r', ..] => Rejection.BareCr,
            [(byte)'\n', ..] => Rejection.BareLf,
            _ => Rejection.InvalidStatusLine,
        };
        int status = (input[9] - '0') * 100 + (input[10] - '0') * 10 + (input[11] - '0');
        line = new StatusLine(
            status, new Slice(reasonStart, reasonBytes), input[7] == '0', reasonStart + reasonBytes + 2);
        return rejection == Rejection.None ? ParseStatus.Complete : ParseStatus.Rejected;
    }

    /// <summary>
    /// Whether the bytes at hand can begin a status line: major version 1, any minor, a status from 100 on.
    /// </summary>
    private static bool MatchesPattern(ReadOnlySpan<byte> input)
    {
        int count = int.Min(input.Length, Pattern.Length);
        for (int index = 0; index < count; index++)
        {
            bool matches = Pattern[index] == '0'
                ? char.IsAsciiDigit((char)input[index])
                : input[index] == Pattern[index];
            if (!matches || (index == 9 && input[index] == '0'))
            {
                return false;
            }
        }

        return true;
    }
}
