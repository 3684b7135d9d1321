namespace FnLb.Core.Http1;

/// <summary>
/// Parses field lines up to and with the empty line that ends them: header and trailer sections alike (RFC 9112
/// sections 5 and 7.1.2).
/// </summary>
/// <remarks>Two vectorised searches a line: the name ends at the first byte that is no tchar, the value at the first
/// control character, so each byte is checked and delimited at once.</remarks>
internal static class FieldSectionParser
{
    /// <param name="start">Where the first line starts in input.</param>
    /// <param name="end">After the empty line when the result is Complete.</param>
    public static ParseStatus TryParse(
        ReadOnlySpan<byte> input, int start, FieldTable fields, out int end, out Rejection rejection)
    {
        fields.Clear();
        end = start;
        while (true)
        {
            ReadOnlySpan<byte> line = input[end..];
            int nameBytes = line.IndexOfAnyExcept(ByteSets.Token);
            if (nameBytes < 0)
            {
                rejection = Rejection.None;
                return ParseStatus.Incomplete;
            }

            if (nameBytes == 0 || line[nameBytes] != ':')
            {
                return nameBytes == 0
                    ? EndSection(line, ref end, out rejection)
                    : RefuseName(line[nameBytes], out rejection);
            }

            ReadOnlySpan<byte> afterColon = line[(nameBytes + 1)..];
            int valueBytes = afterColon.IndexOfAny(ByteSets.Controls);
            if (valueBytes < 0
                || valueBytes + 1 >= afterColon.Length
                || afterColon[valueBytes] != '\r'
                || afterColon[valueBytes + 1] != '\n')
            {
                return BreakOffValue(valueBytes < 0 ? default : afterColon[valueBytes..], out rejection);
            }

            int valueStart = end + nameBytes + 1;
            Field field = new(
                new Slice(end, nameBytes),
                Trim(input, valueStart, valueStart + valueBytes),
                FieldNames.Classify(line[..nameBytes]));
            if (!fields.TryAdd(field))
            {
                rejection = Rejection.TooManyFields;
                return ParseStatus.Rejected;
            }

            end = valueStart + valueBytes + 2;
        }
    }

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
            end += line.Length == 1 ? 0 : 2;
            return line.Length == 1 ? ParseStatus.Incomplete
                : rejection == Rejection.None ? ParseStatus.Complete
                : ParseStatus.Rejected;
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
