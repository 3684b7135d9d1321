using System.Runtime.CompilerServices;

namespace FnLb.Core.Http1;

/// <summary>Parses HTTP-version SP status-code SP [reason] CRLF at the start of the input (RFC 9112 section
/// 4).</summary>
/// <remarks>The SP before an empty reason may be missing: such nodes exist, and nothing is ambiguous about
/// it.</remarks>
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
        rejection = IsUsual(input) || MatchesPattern(input) ? Rejection.None : Rejection.InvalidStatusLine;
        if (rejection != Rejection.None || input.Length <= Pattern.Length)
        {
            return rejection == Rejection.None ? ParseStatus.Incomplete : ParseStatus.Rejected;
        }

        bool hasSpace = input[Pattern.Length] == ' ';
        int reasonStart = Pattern.Length + (hasSpace ? 1 : 0);
        if (reasonStart == Pattern.Length && input[reasonStart] is not ((byte)'\r' or (byte)'\n'))
        {
            rejection = Rejection.InvalidStatusLine;
            return ParseStatus.Rejected;
        }

        int lineEnd = ByteScan.EndOfValue(input, reasonStart);
        if (lineEnd + 1 >= input.Length && (lineEnd == input.Length || input[lineEnd] == '\r'))
        {
            return ParseStatus.Incomplete;
        }

        rejection = input[lineEnd..] switch
        {
            [(byte)'\r', (byte)'\n', ..] => Rejection.None,
            [(byte)'\r', ..] => Rejection.BareCr,
            [(byte)'\n', ..] => Rejection.BareLf,
            _ => Rejection.InvalidStatusLine,
        };
        int status = (input[9] - '0') * 100 + (input[10] - '0') * 10 + (input[11] - '0');
        Slice reason = new(reasonStart, lineEnd - reasonStart);
        bool isVerbatim = hasSpace && input[7] == '1';
        line = new StatusLine(status, reason, input[7] == '0', isVerbatim, lineEnd + 2);
        return rejection == Rejection.None ? ParseStatus.Complete : ParseStatus.Rejected;
    }

    /// <summary>Whether it is one of HTTP/1.1 with a status from 200 to 599: nothing more is to be checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsUsual(ReadOnlySpan<byte> input) =>
        input.Length > 12
        && input.StartsWith("HTTP/1.1 "u8)
        && input[9] is >= (byte)'2' and <= (byte)'5'
        && char.IsAsciiDigit((char)input[10])
        && char.IsAsciiDigit((char)input[11]);

    /// <summary>Whether the bytes at hand can begin a status line: major version 1, any minor, a status from 100
    /// on.</summary>
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
