using System.Buffers.Text;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace FnLb.Core.Http1;

/// <summary>Appends to a span that the caller has made large enough; writing past its end is a programmer's error and
/// throws.</summary>
internal ref struct SpanWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    public int Length { get; private set; }

    /// <remarks>Inlined, so that a literal is stored and not copied.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_destination[Length..]);
        Length += bytes.Length;
    }

    public void Write(byte value) => _destination[Length++] = value;

    public void WriteDecimal(long value)
    {
        bool fits = Utf8Formatter.TryFormat(value, _destination[Length..], out int bytes);
        Debug.Assert(fits);
        Length += bytes;
    }

    /// <summary>name ": " value CRLF.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteField(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        Write(name);
        Write(": "u8);
        Write(value);
        Write("\r\n"u8);
    }
}
