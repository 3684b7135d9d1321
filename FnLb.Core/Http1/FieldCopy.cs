namespace FnLb.Core.Http1;

/// <summary>
/// Writes field lines of a received section anew: name and value byte for byte, everything between them our own.
/// </summary>
internal static class FieldCopy
{
    /// <summary>How much longer than it was received a line can become: "a:b" is written as "a: b".</summary>
    public const int GrowthPerFieldMax = 1;

    public static void Write(ref SpanWriter writer, ReadOnlySpan<byte> input, in Field field) =>
        writer.WriteField(field.Name.Of(input), field.Value.Of(input));

    /// <summary>
    /// Writes all lines of one kind as a single list with one more member at its end; empty lines are left out.
    /// </summary>
    /// <param name="name">With colon and space.</param>
    public static void WriteAppended(
        ref SpanWriter writer,
        ReadOnlySpan<byte> input,
        FieldTable fields,
        FieldKind kind,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> member)
    {
        writer.Write(name);
        foreach (ref readonly Field field in fields.Span)
        {
            if (field.Kind == kind && !field.Value.IsEmpty)
            {
                writer.Write(field.Value.Of(input));
                writer.Write(", "u8);
            }
        }

        writer.Write(member);
        writer.Write("\r\n"u8);
    }
}
