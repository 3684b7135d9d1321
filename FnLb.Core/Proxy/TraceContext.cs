using System.Buffers.Text;
using System.Text;
using FnLb.Core.Http1;

namespace FnLb.Core.Proxy;

/// <summary>What a request says of the trace it belongs to: W3C Trace Context, or B3 in one field or more.</summary>
/// <remarks>Of both kinds W3C counts; what is malformed is as if it were not there.</remarks>
internal readonly record struct TraceContext
{
    /// <summary>The upper half of the trace's id; 0 when the id has 64 bits.</summary>
    public ulong TraceHigh { get; private init; }

    /// <summary>0 when the request belongs to no trace.</summary>
    public ulong TraceLow { get; private init; }

    /// <summary>The span that the request was sent in; 0 when there is none.</summary>
    public ulong SpanId { get; private init; }

    /// <summary>Whether the call is to be traced; null when nobody has decided.</summary>
    public bool? IsSampled { get; private init; }

    /// <summary>B3's debug flag: traced, whoever else would leave it out.</summary>
    public bool IsDebug { get; private init; }

    /// <summary>The trace is one of W3C's kind, so that its tracestate belongs to it.</summary>
    public bool IsW3c { get; private init; }

    public bool HasTrace => (TraceHigh | TraceLow) != 0 && SpanId != 0;

    public static TraceContext Of(RequestHead head, ReadOnlySpan<byte> bytes)
    {
        TraceContext context = default;
        if (!head.Fields.Has(FieldKind.TraceContext))
        {
            return context;
        }

        bool isWritten = false;
        foreach (ref readonly Field field in head.Fields.Span)
        {
            if (field.Kind != FieldKind.TraceContext)
            {
                continue;
            }

            ReadOnlySpan<byte> name = field.Name.Of(bytes);
            ReadOnlySpan<byte> value = field.Value.Of(bytes);
            if (name.Length == "traceparent".Length && (name[0] | 0x20) == 't')
            {
                if (TryReadW3c(value, out TraceContext w3c))
                {
                    return w3c;
                }
            }
            else if (name.Length == "b3".Length)
            {
                isWritten = TryReadSingle(value, ref context);
            }
            else if (!isWritten)
            {
                context = context.With(name, value);
            }
        }

        return context.HasTrace ? context : context with { TraceHigh = 0, TraceLow = 0, SpanId = 0 };
    }

    /// <summary>Reads <c>00-TRACE-SPAN-FLAGS</c>; versions to come may have more after it.</summary>
    private static bool TryReadW3c(ReadOnlySpan<byte> value, out TraceContext context)
    {
        context = default;
        bool isLaid = value.Length >= 55 && value[2] == '-' && value[35] == '-' && value[52] == '-'
            && (value.Length == 55 || (value[55] == '-' && !value.StartsWith("00"u8)));
        if (!isLaid
            || value.StartsWith("ff"u8)
            || value[..55].IndexOfAnyInRange((byte)'A', (byte)'F') >= 0
            || !TryReadHex(value[..2], out _)
            || !TryReadHex(value[3..19], out ulong high)
            || !TryReadHex(value[19..35], out ulong low)
            || !TryReadHex(value[36..52], out ulong span)
            || !TryReadHex(value[53..55], out ulong flags))
        {
            return false;
        }

        context = new TraceContext
        {
            TraceHigh = high,
            TraceLow = low,
            SpanId = span,
            IsSampled = (flags & 1) != 0,
            IsW3c = true,
        };
        return context.HasTrace;
    }

    /// <summary>Reads <c>TRACE-SPAN-SAMPLED-PARENT</c>, the last two optional, or the decision alone.</summary>
    private static bool TryReadSingle(ReadOnlySpan<byte> value, ref TraceContext context)
    {
        if (value.Length == 1)
        {
            context = context with { IsSampled = Decision(value), IsDebug = value[0] == 'd' };
            return true;
        }

        int dash = value.IndexOf((byte)'-');
        if (dash is not (16 or 32) || !TryReadTrace(value[..dash], ref context) || value.Length < dash + 17
            || !TryReadHex(value.Slice(dash + 1, 16), out ulong span))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = value[(dash + 17)..];
        if (!rest.IsEmpty && rest[0] != '-')
        {
            context = default;
            return false;
        }

        context = context with
        {
            SpanId = span,
            IsSampled = rest.Length >= 2 ? Decision(rest.Slice(1, 1)) : null,
            IsDebug = rest.Length >= 2 && rest[1] == 'd',
        };
        return true;
    }

    private TraceContext With(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        TraceContext context = this;
        if (Ascii.EqualsIgnoreCase(name, "x-b3-traceid"u8))
        {
            _ = TryReadTrace(value, ref context);
        }
        else if (Ascii.EqualsIgnoreCase(name, "x-b3-spanid"u8))
        {
            context = context with { SpanId = value.Length == 16 && TryReadHex(value, out ulong span) ? span : 0 };
        }
        else if (Ascii.EqualsIgnoreCase(name, "x-b3-sampled"u8))
        {
            context = context with { IsSampled = context.IsSampled ?? Decision(value) };
        }
        else if (Ascii.EqualsIgnoreCase(name, "x-b3-flags"u8) && value.SequenceEqual("1"u8))
        {
            context = context with { IsSampled = true, IsDebug = true };
        }

        return context;
    }

    private static bool TryReadTrace(ReadOnlySpan<byte> value, ref TraceContext context)
    {
        ulong high = 0;
        if (value.Length is not (16 or 32)
            || (value.Length == 32 && !TryReadHex(value[..16], out high))
            || !TryReadHex(value[^16..], out ulong low))
        {
            return false;
        }

        context = context with { TraceHigh = high, TraceLow = low };
        return true;
    }

    private static bool? Decision(ReadOnlySpan<byte> value) => value switch
    {
        [(byte)'1'] or [(byte)'d'] => true,
        [(byte)'0'] => false,
        _ when Ascii.EqualsIgnoreCase(value, "true"u8) => true,
        _ when Ascii.EqualsIgnoreCase(value, "false"u8) => false,
        _ => null,
    };

    private static bool TryReadHex(ReadOnlySpan<byte> digits, out ulong value)
    {
        bool isHex = Utf8Parser.TryParse(digits, out value, out int used, 'x') && used == digits.Length;
        return isHex;
    }
}
