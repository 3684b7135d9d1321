using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace FnLb.Core.Nodes;

/// <summary>Where a node listens, as <c>host:port</c> or <c>[v6]:port</c>; two nodes are one when their texts are equal.</summary>
public readonly record struct NodeAddress
{
    private const int HostCharsMax = 253;

    private NodeAddress(string host, int port)
    {
        Host = host;
        Port = port;
        Text = host.Contains(':') ? $"[{host}]:{port}" : $"{host}:{port}";
    }

    /// <summary>IP literal without brackets, or a lower-case DNS name.</summary>
    public string Host { get; }

    /// <summary>1 to 65535.</summary>
    public int Port { get; }

    /// <summary>The canonical text, which is also what the route order is computed from.</summary>
    public string Text { get; }

    /// <summary>The end point when <see cref="Host"/> is an IP literal; null for a DNS name.</summary>
    public IPEndPoint? Literal => IPAddress.TryParse(Host, out IPAddress? ip) ? new IPEndPoint(ip, Port) : null;

    /// <param name="text">What the operator wrote.</param>
    /// <param name="error">What is wrong with it and what to write instead; null on success.</param>
    public static bool TryParse(string? text, out NodeAddress address, [NotNullWhen(false)] out string? error)
    {
        address = default;
        if (string.IsNullOrEmpty(text))
        {
            error = "the node is empty: give host:port, such as 10.0.0.1:8080";
            return false;
        }

        int colon = text.LastIndexOf(':');
        if (colon <= 0)
        {
            error = $"the node \"{Printable(text)}\" has no port: give host:port, such as 10.0.0.1:8080";
            return false;
        }

        ReadOnlySpan<char> digits = text.AsSpan(colon + 1);
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > 65535)
        {
            error = $"the node \"{Printable(text)}\" has the port \"{Printable(digits.ToString())}\": a port is a number from 1 to 65535";
            return false;
        }

        string? host = ParseHost(text[..colon]);
        if (host is null)
        {
            error = $"the node \"{Printable(text)}\" has a host that is neither an IP address ([v6] in brackets) nor a DNS name";
            return false;
        }

        address = new NodeAddress(host, port);
        error = null;
        return true;
    }

    public override string ToString() => Text;

    private static string? ParseHost(string host)
    {
        if (host.Length > 2 && host[0] == '[' && host[^1] == ']')
        {
            return IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out IPAddress? v6) && host.Contains(':') ? v6.ToString() : null;
        }

        if (host.Length is 0 or > HostCharsMax || host.Contains(':'))
        {
            return null;
        }

        foreach (string label in host.TrimEnd('.').Split('.'))
        {
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-' || !label.All(IsLabelChar))
            {
                return null;
            }
        }

        bool looksNumeric = host.All(c => char.IsAsciiDigit(c) || c == '.');
        return looksNumeric && !IsDottedQuad(host) ? null : host.ToLowerInvariant();
    }

    // Underscores are no host name characters (RFC 1123), but container networks use them.
    private static bool IsLabelChar(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    private static bool IsDottedQuad(string host) =>
        host.Split('.') is { Length: 4 } parts && parts.All(p => p.Length is > 0 and <= 3 && int.Parse(p, CultureInfo.InvariantCulture) <= 255 && (p.Length == 1 || p[0] != '0'));

    private static string Printable(string text)
    {
        string shown = text.Length > 80 ? string.Concat(text.AsSpan(0, 80), "…") : text;
        return string.Concat(shown.Select(c => char.IsControl(c) || c == '"' ? '?' : c));
    }
}
