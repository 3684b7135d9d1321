using System.Text;

namespace FnLb.Core.Http1;

/// <summary>
/// Which fields must not come as trailers: those that frame, route, modify, authenticate or describe a message (RFC
/// 9110 section 6.5.1).
/// </summary>
internal static class TrailerPolicy
{
    private static readonly byte[][] Forbidden =
    [
        .. new[]
        {
            "Age", "Authorization", "Cache-Control", "Content-Encoding", "Content-Location", "Content-Range",
            "Content-Type", "Cookie", "Expires", "Forwarded", "If-Match", "If-Modified-Since", "If-None-Match",
            "If-Range", "If-Unmodified-Since", "Location", "Pragma", "Range", "Set-Cookie", "Vary", "Warning",
            "WWW-Authenticate",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    /// <summary>
    /// Whether the field is forwarded. All the names this hop acts upon in a head are among the forbidden.
    /// </summary>
    public static bool Passes(FieldKind kind, ReadOnlySpan<byte> name)
    {
        if (kind != FieldKind.Other)
        {
            return false;
        }

        foreach (byte[] forbidden in Forbidden)
        {
            if (Ascii.EqualsIgnoreCase(name, forbidden))
            {
                return false;
            }
        }

        return true;
    }
}
