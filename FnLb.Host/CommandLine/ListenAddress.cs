using System.Globalization;
using System.Net;
using System.Text;

namespace FnLb.Host.CommandLine;

/// <summary>Where to listen, as Go writes it: <c>:port</c>, <c>host:port</c>, <c>[v6]:port</c>.</summary>
/// <param name="Host">Empty for every address; an IP address without brackets, or a name.</param>
/// <param name="Port">0 to 65535; 0 lets the system choose.</param>
internal sealed record ListenAddress(string Host, int Port)
{
    private const string UnixPrefix = "unix:";

    // The longest name that sun_path takes, with the zero byte at its end.
    private const int PathBytesMax = 107;

    /// <summary>A unix socket in place of host and port; null for none.</summary>
    public string? Path { get; private init; }

    public override string ToString() => Path is not null ? UnixPrefix + Path
        : Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    public static bool TryParse(string text, out ListenAddress address)
    {
        address = new ListenAddress("", 0);
        int colon = text.LastIndexOf(':');
        ReadOnlySpan<char> digits = text.AsSpan(colon + 1);
        if (colon < 0 || !ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            return false;
        }

        string host = text[..colon];
        bool isBracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        if (isBracketed)
        {
            host = host[1..^1];
        }

        address = new ListenAddress(host, port);
        return isBracketed ? IPAddress.TryParse(host, out _) && host.Contains(':') : host.All(IsHostChar);
    }

    /// <summary>As <see cref="TryParse"/>, or <c>unix:/path</c>.</summary>
    public static bool TryParseAny(string text, out ListenAddress address)
    {
        if (!text.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            return TryParse(text, out address);
        }

        string path = text[UnixPrefix.Length..];
        address = new ListenAddress("", 0) { Path = path };
        return path.StartsWith('/') && !path.Contains('\0') && Encoding.UTF8.GetByteCount(path) <= PathBytesMax;
    }

    /// <summary>Whether both mean one address, as far as that shows without resolving names.</summary>
    public bool IsSameAs(ListenAddress other) =>
        Path == other.Path && Port == other.Port && (Host == other.Host || (IsEvery(Host) && IsEvery(other.Host)));

    private static bool IsEvery(string host) => host is "" or "0.0.0.0" or "::";

    private static bool IsHostChar(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_';
}
