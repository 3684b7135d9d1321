namespace FnLb.Core.Http1;

/// <summary>Limits on a message head; beyond one the message is refused, never cut short.</summary>
public sealed record HeadLimits
{
    /// <summary>
    /// Start line, fields and final CRLF together, in bytes. 64 KB holds the largest cookies and tokens seen in the
    /// field.
    /// </summary>
    public int HeadBytesMax { get; init; } = 64 * 1024;

    /// <summary>The request line or status line, in bytes; RFC 9112 section 3 asks for at least 8,000.</summary>
    public int StartLineBytesMax { get; init; } = 16 * 1024;

    /// <summary>Number of field lines; the field table is sized for it.</summary>
    public int FieldCountMax { get; init; } = 200;
}
