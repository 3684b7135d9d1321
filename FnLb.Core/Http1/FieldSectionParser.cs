using System.Runtime.CompilerServices;

namespace FnLb.Core.Http1;

/// <summary>Parses field lines up to and with the empty line that ends them (RFC 9112 sections 5 and 7.1.2).</summary>
/// <remarks>Two vectorised searches a line: the name ends at the first byte that is no tchar, the value at the first
/// control character, so each byte is checked and delimited at once.</remarks>
internal static class FieldSectionParser
{
    /// <param name="start">Where the first line starts in input.</param>
    /// <param name="end">After the empty line when the result is Complete; no meaning otherwise.</param>
    public static ParseStatus TryParse(
        ReadOnlySpan<byte> input, int start, FieldTable fields, out int end, out Rejection rejection)
    {
        fields.Clear();
        end = start;
        while (true)
        {
            int nameStart = end;
            int nameEnd = ByteScan.EndOfToken(input, nameStart);
            if ((uint)nameEnd >= (uint)input.Length)
            {
                rejection = Rejection.None;
                return ParseStatus.Incomplete;
            }

            if (nameEnd == nameStart || input[nameEnd] != ':')
            {
                return nameEnd == nameStart
                    ? EndSection(input[nameStart..], ref end, out rejection)
                    : RefuseName(input[nameEnd], out rejection);
            }

            int lineEnd = ByteScan.EndOfValue(input, nameEnd + 1);
            if ((uint)(lineEnd + 1) >= (uint)input.Length || input[lineEnd] != '\r' || input[lineEnd + 1] != '\n')
            {
                return BreakOffValue(input[lineEnd..], out rejection);
            }

            FieldKind kind = FieldNames.Classify(input[nameStart..nameEnd]);
            bool isVerbatim = IsVerbatim(input, nameEnd, lineEnd);
            Slice value = isVerbatim
                ? new Slice(nameEnd + 2, lineEnd - nameEnd - 2)
                : Trim(input, nameEnd + 1, lineEnd);
            if (!fields.TryAdd(new Slice(nameStart, nameEnd - nameStart), value, kind, isVerbatim))
            {
                rejection = Rejection.TooManyFields;
                return ParseStatus.Rejected;
            }

            end = lineEnd + 2;
        }
    }

    /// <summary>One space before the value, and no other whitespace around it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsVerbatim(ReadOnlySpan<byte> input, int colon, int lineEnd) =>
        lineEnd > colon + 2 && input[colon + 1] == ' ' && input[colon + 2] > ' ' && input[lineEnd - 1] > ' ';

    // Only SP and HTAB are optional whitespace: bytes such as 85 and A0 belong to the value.
    private static Slice Trim(ReadOnlySpan<byte> input, int start, int end)
    {
        while (start < end && input[start] is (byte)' ' or (byte)'\t')
        {
            start++;
        }

        while (start < end && input[end - 1] is (byte)' ' or (byte)'\t')
        {
            end--;
        }

        return new Slice(start, end - start);
    }

    private static ParseStatus EndSection(ReadOnlySpan<byte> line, ref int end, out Rejection rejection)
    {
        if (line[0] == '\r')
        {
            rejection = line.Length == 1 || line[1] == '\n' ? Rejection.None : Rejection.BareCr;
            end += 2;
            return rejection != Rejection.None ? ParseStatus.Rejected
                : line.Length == 1 ? ParseStatus.Incomplete
                : ParseStatus.Complete;
        }

        rejection = line[0] switch
        {
            (byte)'\n' => Rejection.BareLf,
            (byte)':' => Rejection.EmptyFieldName,
            (byte)' ' or (byte)'\t' => Rejection.LeadingWhitespace,
            _ => Rejection.InvalidFieldName,
        };
        return ParseStatus.Rejected;
    }

    private static ParseStatus RefuseName(byte delimiter, out Rejection rejection)
    {
        rejection = delimiter switch
        {
            (byte)'\r' or (byte)'\n' => Rejection.MissingColon,
            (byte)' ' or (byte)'\t' => Rejection.WhitespaceBeforeColon,
            _ => Rejection.InvalidFieldName,
        };
        return ParseStatus.Rejected;
    }

    /// <param name="rest">From the first control character after the colon; empty when there is none yet.</param>
    private static ParseStatus BreakOffValue(ReadOnlySpan<byte> rest, out Rejection rejection)
    {
        rejection = rest switch
        {
            [] or [(byte)'\r'] => Rejection.None,
            [(byte)'\r', ..] => Rejection.BareCr,
            [(byte)'\n', ..] => Rejection.BareLf,
            _ => Rejection.InvalidFieldValue,
        };
        return rejection == Rejection.None ? ParseStatus.Incomplete : ParseStatus.Rejected;
    }
}
