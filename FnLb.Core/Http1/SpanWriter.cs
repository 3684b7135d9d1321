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

    /// <param name="value">Mostly of few digits: the general formatter costs twice as much for those.</param>
    public void WriteDecimal(long value)
    {
        Span<byte> free = _destination[Length..];
        if ((ulong)value >= 1_000_000)
        {
            bool fits = Utf8Formatter.TryFormat(value, free, out int bytes);
            Debug.Assert(fits);
            Length += bytes;
            return;
        }

        uint rest = (uint)value;
        int digits = rest < 10 ? 1 : rest < 100 ? 2 : rest < 1_000 ? 3 : rest < 10_000 ? 4 : rest < 100_000 ? 5 : 6;
        for (int index = digits - 1; index >= 0; index--)
        {
            uint tens = rest / 10;
            free[index] = (byte)('0' + rest - (tens * 10));
            rest = tens;
        }

        Length += digits;
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
