namespace FnLb.Core.Http1;

/// <summary>One field line, as ranges of the buffer it was parsed from (RFC 9112 section 5).</summary>
/// <param name="Value">Without the optional whitespace around it; may be empty.</param>
/// <param name="IsVerbatim">The line is what this hop would write: one space before the value, no whitespace after
/// it.</param>
internal readonly record struct Field(Slice Name, Slice Value, FieldKind Kind, bool IsVerbatim)
{
    /// <summary>Named by a Connection field, so it ends at this hop (RFC 9110 section 7.6.1).</summary>
    public bool IsNominated { get; init; }

    /// <summary>The whole line, CRLF included, when it is verbatim.</summary>
    public Slice Line => new(Name.Start, Value.Start + Value.Length + 2 - Name.Start);
}
