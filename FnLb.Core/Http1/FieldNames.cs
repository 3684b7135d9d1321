using System.Runtime.CompilerServices;

namespace FnLb.Core.Http1;

/// <summary>Tells the field names that matter here from all others.</summary>
internal static class FieldNames
{
    /// <summary>Names are case-insensitive (RFC 9110 section 5.1).</summary>
    /// <remarks>Length and a letter or two leave hardly more than one candidate to compare.</remarks>
    public static FieldKind Classify(ReadOnlySpan<byte> name)
    {
        switch (name.Length)
        {
            case 2:
                return StartsWith(name, 't')
                    ? Match(name, "te"u8, FieldKind.Te)
                    : Match(name, "b3"u8, FieldKind.TraceContext);
            case 3:
                return Match(name, "via"u8, FieldKind.Via);
            case 4:
                return StartsWith(name, 'h')
                    ? Match(name, "host"u8, FieldKind.Host)
                    : Match(name, "date"u8, FieldKind.Date);
            case 6:
                return StartsWith(name, 'e') ? Match(name, "expect"u8, FieldKind.Expect) : FieldKind.Other;
            case 7:
                return StartsWith(name, 't')
                    ? Match(name, "trailer"u8, FieldKind.Trailer)
                    : Match(name, "upgrade"u8, FieldKind.Upgrade);
            case 10:
                return StartsWith(name, 'c') ? Match(name, "connection"u8, FieldKind.Connection)
                    : StartsWith(name, 'k') ? Match(name, "keep-alive"u8, FieldKind.KeepAlive)
                    : StartsWith(name, 'x') ? Match(name, "x-b3-flags"u8, FieldKind.TraceContext)
                    : Match(name, "tracestate"u8, FieldKind.TraceContext);
            case 11:
                return StartsWith(name, 'r') ? Match(name, "retry-after"u8, FieldKind.RetryAfter)
                    : StartsWith(name, 't') ? Match(name, "traceparent"u8, FieldKind.TraceContext)
                    : Match(name, "x-b3-spanid"u8, FieldKind.TraceContext);
            case 12:
                return StartsWith(name, 'm') ? Match(name, "max-forwards"u8, FieldKind.MaxForwards)
                    : !StartsWith(name, 'x') ? FieldKind.Other
                    : (name[2] | 0x20) == 'r' ? Match(name, "x-request-id"u8, FieldKind.XRequestId)
                    : (name[5] | 0x20) == 't' ? Match(name, "x-b3-traceid"u8, FieldKind.TraceContext)
                    : Match(name, "x-b3-sampled"u8, FieldKind.TraceContext);
            case 13:
                return StartsWith(name, 'x') ? Match(name, "xxx-fxlb-wait"u8, FieldKind.FxlbWait) : FieldKind.Other;
            case 14:
                return Match(name, "content-length"u8, FieldKind.ContentLength);
            case 15:
                return StartsWith(name, 'x')
                    ? Match(name, "x-forwarded-for"u8, FieldKind.XForwardedFor)
                    : FieldKind.Other;
            case 16:
                return StartsWith(name, 'x')
                    ? Match(name, "x-forwarded-host"u8, FieldKind.XForwardedHost)
                    : Match(name, "proxy-connection"u8, FieldKind.ProxyConnection);
            case 17:
                return StartsWith(name, 't') ? Match(name, "transfer-encoding"u8, FieldKind.TransferEncoding)
                    : (name[2] | 0x20) == 'f' ? Match(name, "x-forwarded-proto"u8, FieldKind.XForwardedProto)
                    : Match(name, "x-b3-parentspanid"u8, FieldKind.TraceContext);
            case 18:
                return Match(name, "proxy-authenticate"u8, FieldKind.ProxyAuthenticate);
            case 19:
                return Match(name, "proxy-authorization"u8, FieldKind.ProxyAuthorization);
            default:
                return FieldKind.Other;
        }
    }

    private static bool StartsWith(ReadOnlySpan<byte> name, char lowerCase) => (name[0] | 0x20) == lowerCase;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FieldKind Match(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known, FieldKind kind) =>
        KnownName.Is(name, known) ? kind : FieldKind.Other;
}
