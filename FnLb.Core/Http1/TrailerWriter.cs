namespace FnLb.Core.Http1;

/// <summary>Writes a trailer section without the fields that must not come as trailers (RFC 9110 section
/// 6.5.1).</summary>
internal static class TrailerWriter
{
    /// <summary>An upper bound on what <see cref="Write"/> writes.</summary>
    /// <param name="length">Of the section as it was parsed.</param>
    public static int MaxBytes(int length, FieldTable trailers) =>
        length + trailers.Count * FieldCopy.GrowthPerFieldMax;

    /// <summary>Writes the fields that pass and the final empty line.</summary>
    /// <param name="input">The bytes <paramref name="trailers"/> was parsed from.</param>
    /// <param name="nominated">Names that the head's Connection nominated.</param>
    /// <returns>Bytes written, at least 2.</returns>
    public static int Write(ReadOnlySpan<byte> input, FieldTable trailers, NameFilter nominated, Span<byte> destination)
    {
        SpanWriter writer = new(destination);
        FieldCopy copy = new(input);
        foreach (ref readonly Field field in trailers.Span)
        {
            ReadOnlySpan<byte> name = field.Name.Of(input);
            if (TrailerPolicy.Passes(field.Kind, name) && !nominated.MayContain(name))
            {
                copy.Add(ref writer, field);
            }
        }

        copy.Flush(ref writer);
        writer.Write("\r\n"u8);
        return writer.Length;
    }
}
