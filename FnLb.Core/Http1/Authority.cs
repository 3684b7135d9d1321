using System.Net;

namespace FnLb.Core.Http1;

/// <summary>Checks host [ ":" port ] of Host and of an absolute-form target (RFC 9110 sections 4.2 and 7.2).</summary>
/// <remarks>Stricter than RFC 3986 in three ways: no comma in a name, IP literals are IPv6 without a zone only, and the
/// port is at most 65535.</remarks>
internal static class Authority
{
    private const int PortMax = 65535;

    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        int hostBytes = HostBytes(text);
        return hostBytes > 0 && (hostBytes == text.Length || IsPort(text[hostBytes..]));
    }

    /// <summary>Whether it is valid and names a port, as the target of CONNECT must.</summary>
    public static bool IsValidWithPort(ReadOnlySpan<byte> text)
    {
        int hostBytes = HostBytes(text);
        return hostBytes > 0 && text.Length > hostBytes + 1 && IsPort(text[hostBytes..]);
    }

    /// <returns>Length of the host at the start, 0 when there is no valid one.</returns>
    private static int HostBytes(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return 0;
        }

        if (text[0] == '[')
        {
            int close = text.IndexOf((byte)']');
            return close > 0 && IsIpv6(text[1..close]) ? close + 1 : 0;
        }

        int plainBytes = text.IndexOfAnyExcept(ByteSets.PlainRegName);
        return plainBytes < 0 ? text.Length
            : text[plainBytes] == '%' ? EscapedHostBytes(text)
            : plainBytes;
    }

    private static int EscapedHostBytes(ReadOnlySpan<byte> text)
    {
        int hostBytes = text.IndexOfAnyExcept(ByteSets.RegName);
        hostBytes = hostBytes < 0 ? text.Length : hostBytes;
        return ArePercentEscapesWhole(text[..hostBytes]) ? hostBytes : 0;
    }

    private static bool IsIpv6(ReadOnlySpan<byte> text) =>
        !text.ContainsAnyExcept(ByteSets.Ipv6) && text.Contains((byte)':') && IPAddress.IsValidUtf8(text);

    /// <param name="text">From the colon on. An empty port is valid: the default (RFC 3986 section 3.2.3).</param>
    private static bool IsPort(ReadOnlySpan<byte> text) =>
        text[0] == ':' && (text.Length == 1 || (Digits.TryParse(text[1..], out long port) && port <= PortMax));

    private static bool ArePercentEscapesWhole(ReadOnlySpan<byte> text)
    {
        for (int index = text.IndexOf((byte)'%'); index >= 0; index = text.IndexOf((byte)'%'))
        {
            if (text.Length < index + 3 || !IsHexDigit(text[index + 1]) || !IsHexDigit(text[index + 2]))
            {
                return false;
            }

            text = text[(index + 3)..];
        }

        return true;
    }

    private static bool IsHexDigit(byte b) => char.IsAsciiHexDigit((char)b);
}
