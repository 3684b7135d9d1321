using System.Runtime.CompilerServices;

namespace FnLb.Core.Http1;

/// <summary>Writes received lines anew: name and value byte for byte, what is between them our own. Lines that stood
/// together and come out as they went in are one copy.</summary>
internal ref struct FieldCopy(ReadOnlySpan<byte> input)
{
    /// <summary>How much longer than it was received a line can become: "a:b" is written as "a: b".</summary>
    public const int GrowthPerFieldMax = 1;

    private readonly ReadOnlySpan<byte> _input = input;
    private int _start;
    private int _end;

    /// <summary>Writes a field, now or with <see cref="Flush"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ref SpanWriter writer, in Field field)
    {
        if (field.IsVerbatim)
        {
            AddLine(ref writer, field.Line);
        }
        else
        {
            Flush(ref writer);
            writer.WriteField(field.Name.Of(_input), field.Value.Of(_input));
        }
    }

    /// <summary>The same for a whole line, CRLF included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddLine(ref SpanWriter writer, Slice line)
    {
        if (line.Start != _end)
        {
            Flush(ref writer);
            _start = line.Start;
        }

        _end = line.End;
    }

    /// <summary>Before anything else is written.</summary>
    public void Flush(ref SpanWriter writer)
    {
        writer.Write(_input[_start.._end]);
        _start = _end;
    }

    /// <summary>Writes all lines of one kind but the empty ones as one list, with a member more at its end.</summary>
    /// <param name="name">With colon and space.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void WriteAppended(
        ref SpanWriter writer, FieldTable fields, FieldKind kind, ReadOnlySpan<byte> name, ReadOnlySpan<byte> member)
    {
        writer.Write(name);
        if (fields.Has(kind))
        {
            WriteMembers(ref writer, fields, kind);
        }

        writer.Write(member);
        writer.Write("\r\n"u8);
    }

    private readonly void WriteMembers(ref SpanWriter writer, FieldTable fields, FieldKind kind)
    {
        foreach (ref readonly Field field in fields.Span)
        {
            if (field.Kind == kind && !field.Value.IsEmpty)
            {
                writer.Write(field.Value.Of(_input));
                writer.Write(", "u8);
            }
        }
    }
}
