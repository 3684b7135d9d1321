using System.Net;
using System.Text;

namespace FnLb.Core.Transport;

/// <summary>
/// The text of a client's address, as it goes into X-Forwarded-For: an IPv4-mapped address is written as IPv4.
/// </summary>
internal readonly record struct PeerAddress
{
    private const int FamilyInternet = 2;
    private const int FamilyInternetV6 = 10;

    private readonly byte[] _text;

    private PeerAddress(byte[] text) => _text = text;

    /// <summary>
    /// ASCII, without brackets and port; "unknown" (RFC 7239 section 6.2) for a client that has no IP address.
    /// </summary>
    public ReadOnlySpan<byte> Text => _text;

    /// <param name="address">A <c>struct sockaddr</c> as the kernel wrote it.</param>
    public static PeerAddress FromNative(ReadOnlySpan<byte> address)
    {
        int family = address.Length < 2 ? 0 : address[0] | (address[1] << 8);
        ReadOnlySpan<byte> bytes = family switch
        {
            FamilyInternet when address.Length >= 8 => address.Slice(4, 4),
            FamilyInternetV6 when address.Length >= 24 => address.Slice(8, 16),
            _ => default,
        };
        return bytes.IsEmpty ? new PeerAddress("unknown"u8.ToArray()) : FromBytes(bytes);
    }

    public override string ToString() => Encoding.ASCII.GetString(_text);

    /// <param name="bytes">4 or 16 bytes in network order.</param>
    public static PeerAddress FromBytes(ReadOnlySpan<byte> bytes)
    {
        IPAddress ip = new(bytes);
        if (ip.IsIPv4MappedToIPv6)
        {
            ip = ip.MapToIPv4();
        }

        Span<byte> text = stackalloc byte[64];
        return ip.TryFormat(text, out int written)
            ? new PeerAddress(text[..written].ToArray())
            : new PeerAddress("unknown"u8.ToArray());
    }
}
