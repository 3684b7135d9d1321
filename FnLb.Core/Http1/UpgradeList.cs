using System.Text;

namespace FnLb.Core.Http1;

/// <summary>What an Upgrade field offers (RFC 9110 section 7.8).</summary>
internal static class UpgradeList
{
    /// <summary>Whether the value may be offered to a node.</summary>
    /// <remarks>h2c may not: a tunnel of HTTP/2 would carry requests past the balancer unseen, and RFC 9113 section 3.1
    /// has withdrawn it. A server may ignore Upgrade, so such a request is served as HTTP/1.1.</remarks>
    public static bool IsAcceptable(ReadOnlySpan<byte> value)
    {
        if (value.ContainsAnyExcept(ByteSets.Protocols))
        {
            return false;
        }

        bool isEmpty = true;
        ListReader list = new(value);
        while (list.TryNext(out ReadOnlySpan<byte> protocol))
        {
            if (Ascii.EqualsIgnoreCase(protocol, "h2c"u8))
            {
                return false;
            }

            isEmpty = false;
        }

        return !isEmpty;
    }
}
