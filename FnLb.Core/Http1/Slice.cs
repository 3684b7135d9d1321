namespace FnLb.Core.Http1;

/// <summary>A range of bytes within the buffer a message was parsed from.</summary>
public readonly record struct Slice(int Start, int Length)
{
    public int End => Start + Length;

    public bool IsEmpty => Length == 0;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> buffer) => buffer.Slice(Start, Length);
}
