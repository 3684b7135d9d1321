using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace FnLb.Core.Nodes;

/// <summary>Where a node listens: <c>host:port</c> or <c>[v6]:port</c>. Nodes with equal texts are one node.</summary>
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
            error = $"the node \"{Shown.Text(text)}\" has no port: give host:port, such as 10.0.0.1:8080";
            return false;
        }

        ReadOnlySpan<char> digits = text.AsSpan(colon + 1);
        if (!ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
        {
            error = $"the node \"{Shown.Text(text)}\" has the port \"{Shown.Text(digits.ToString())}\": "
                + "a port is a number from 1 to 65535";
            return false;
        }

        string? host = ParseHost(text[..colon]);
        if (host is null)
        {
            error = $"the node \"{Shown.Text(text)}\" has a host that is neither an IP address ([v6] in brackets) "
                + "nor a DNS name";
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
            bool isV6 = IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out IPAddress? v6) && host.Contains(':');
            return isV6 ? v6!.ToString() : null;
        }

        if (host.Length is 0 or > HostCharsMax || host.Contains(':'))
        {
            return null;
        }

        string[] labels = (host[^1] == '.' ? host[..^1] : host).Split('.');
        foreach (string label in labels)
        {
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-' || !label.All(IsLabelChar))
            {
                return null;
            }
        }

        // "10.1" and "0x7f.1" are addresses to inet_aton and names to others: take only what all read alike.
        string last = labels[^1];
        bool looksNumeric = last.All(char.IsAsciiDigit) || last.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return looksNumeric && !IsDottedQuad(labels) ? null : host.ToLowerInvariant();
    }

    // Underscores are no host name characters (RFC 1123), but container networks use them.
    private static bool IsLabelChar(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    private static bool IsDottedQuad(string[] labels) => labels.Length == 4 && labels.All(IsOctet);

    private static bool IsOctet(string label) =>
        byte.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        && (label.Length == 1 || label[0] != '0');
}
