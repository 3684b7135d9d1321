using System.Text;

namespace FnLb.Core.Http1;

/// <summary>Tells the field names that matter here from all others.</summary>
internal static class FieldNames
{
    /// <summary>
    /// Names are case-insensitive (RFC 9110 section 5.1). Length and first letter leave at most one candidate to
    /// compare.
    /// </summary>
    public static FieldKind Classify(ReadOnlySpan<byte> name)
    {
        switch (name.Length)
        {
            case 2:
                return Match(name, "te"u8, FieldKind.Te);
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
                    : FieldKind.Other;
            case 11:
                return Match(name, "retry-after"u8, FieldKind.RetryAfter);
            case 12:
                return StartsWith(name, 'm') ? Match(name, "max-forwards"u8, FieldKind.MaxForwards)
                    : StartsWith(name, 'x') ? Match(name, "x-request-id"u8, FieldKind.XRequestId)
                    : FieldKind.Other;
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
                return StartsWith(name, 't')
                    ? Match(name, "transfer-encoding"u8, FieldKind.TransferEncoding)
                    : Match(name, "x-forwarded-proto"u8, FieldKind.XForwardedProto);
            case 18:
                return Match(name, "proxy-authenticate"u8, FieldKind.ProxyAuthenticate);
            case 19:
                return Match(name, "proxy-authorization"u8, FieldKind.ProxyAuthorization);
            default:
                return FieldKind.Other;
        }
    }

    private static bool StartsWith(ReadOnlySpan<byte> name, char lowerCase) => (name[0] | 0x20) == lowerCase;

    private static FieldKind Match(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known, FieldKind kind) =>
        Ascii.EqualsIgnoreCase(name, known) ? kind : FieldKind.Other;
}
