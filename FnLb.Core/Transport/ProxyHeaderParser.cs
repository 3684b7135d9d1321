using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Text;

namespace FnLb.Core.Transport;

/// <summary>
/// Reads the header that a layer-4 balancer in front puts before the first byte, versions 1 and 2 (haproxy.org,
/// proxy-protocol.txt).
/// </summary>
internal static class ProxyHeaderParser
{
    private const int LineBytesMax = 107;
    private const int BinaryHeadBytes = 16;

    // Addresses take 216 bytes at most; what follows them is type-length-value data that is skipped.
    private const int BinaryPayloadBytesMax = 2048;

    private static ReadOnlySpan<byte> BinarySignature => "\r\n\r\n\0\r\nQUIT\n"u8;

    private static ReadOnlySpan<byte> LineStart => "PROXY "u8;

    /// <param name="length">Bytes of the header when the result is Named or Unnamed.</param>
    /// <param name="client">The client's address when the result is Named.</param>
    public static ProxyHeaderStatus TryParse(ReadOnlySpan<byte> input, out int length, out PeerAddress client)
    {
        length = 0;
        client = default;
        if (StartsAlike(input, LineStart))
        {
            return ParseLine(input, out length, out client);
        }

        return StartsAlike(input, BinarySignature)
            ? ParseBinary(input, out length, out client)
            : ProxyHeaderStatus.Invalid;
    }

    private static bool StartsAlike(ReadOnlySpan<byte> input, ReadOnlySpan<byte> start)
    {
        int common = Math.Min(input.Length, start.Length);
        return input[..common].SequenceEqual(start[..common]);
    }

    private static ProxyHeaderStatus ParseLine(ReadOnlySpan<byte> input, out int length, out PeerAddress client)
    {
        client = default;
        ReadOnlySpan<byte> reach = input[..Math.Min(input.Length, LineBytesMax)];
        int end = reach.IndexOf("\r\n"u8);
        length = end + 2;
        if (end < 0)
        {
            return input.Length < LineBytesMax ? ProxyHeaderStatus.Incomplete : ProxyHeaderStatus.Invalid;
        }

        string[] words = Encoding.ASCII.GetString(input[..end]).Split(' ');
        if (words is ["PROXY", "UNKNOWN", ..])
        {
            return ProxyHeaderStatus.Unnamed;
        }

        bool isValid = words is ["PROXY", "TCP4" or "TCP6", _, _, _, _]
            && IsAddress(words[2], words[1]) && IsAddress(words[3], words[1]) && IsPort(words[4]) && IsPort(words[5]);
        if (!isValid)
        {
            return ProxyHeaderStatus.Invalid;
        }

        client = PeerAddress.FromBytes(IPAddress.Parse(words[2]).GetAddressBytes());
        return ProxyHeaderStatus.Named;
    }

    private static bool IsAddress(string text, string protocol) =>
        IPAddress.TryParse(text, out IPAddress? address)
            && address.GetAddressBytes().Length == (protocol == "TCP4" ? 4 : 16);

    private static bool IsPort(string text) =>
        Utf8Parser.TryParse(Encoding.ASCII.GetBytes(text), out ushort _, out int used) && used == text.Length;

    private static ProxyHeaderStatus ParseBinary(ReadOnlySpan<byte> input, out int length, out PeerAddress client)
    {
        length = 0;
        client = default;
        if (input.Length < BinaryHeadBytes)
        {
            return ProxyHeaderStatus.Incomplete;
        }

        const int version2 = 0x20;
        const int commandLocal = version2;
        const int commandProxy = version2 | 1;
        int command = input[12];
        int payloadBytes = BinaryPrimitives.ReadUInt16BigEndian(input[14..]);
        if (command is not (commandLocal or commandProxy) || payloadBytes > BinaryPayloadBytesMax)
        {
            return ProxyHeaderStatus.Invalid;
        }

        length = BinaryHeadBytes + payloadBytes;
        if (input.Length < length)
        {
            return ProxyHeaderStatus.Incomplete;
        }

        return command == commandLocal
            ? ProxyHeaderStatus.Unnamed
            : ParseAddresses(input[13], input[BinaryHeadBytes..length], out client);
    }

    private static ProxyHeaderStatus ParseAddresses(
        byte familyAndProtocol, ReadOnlySpan<byte> payload, out PeerAddress client)
    {
        const int tcpOverV4 = 0x11;
        const int tcpOverV6 = 0x21;
        int addressBytes = familyAndProtocol switch { tcpOverV4 => 4, tcpOverV6 => 16, _ => 0 };
        client = default;
        if (addressBytes == 0)
        {
            return ProxyHeaderStatus.Unnamed;
        }

        if (payload.Length < (2 * addressBytes) + (2 * sizeof(ushort)))
        {
            return ProxyHeaderStatus.Invalid;
        }

        client = PeerAddress.FromBytes(payload[..addressBytes]);
        return ProxyHeaderStatus.Named;
    }
}
