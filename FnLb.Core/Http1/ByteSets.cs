using System.Buffers;

namespace FnLb.Core.Http1;

/// <summary>The character classes of the grammar, in the form vectorised searches take.</summary>
internal static class ByteSets
{
    private const string Alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>tchar (RFC 9110 section 5.6.2).</summary>
    public static readonly SearchValues<byte> Token = Create(Alphanumeric + "!#$%&'*+-.^_`|~");

    /// <summary>What may stand in a request target: RFC 3986, and what the URL Standard leaves bare.</summary>
    /// <remarks>The addition is [ ] ^ ` { | }: browsers send them, in queries such as ?a[]=1, and none can be taken
    /// for framing.</remarks>
    public static readonly SearchValues<byte> Target = Create(Alphanumeric + "-._~:/?@!$&'()*+,;=%" + "[]^`{|}");

    /// <summary>reg-name (RFC 3986 section 3.2.2) without the comma, which would make a list of Host.</summary>
    public static readonly SearchValues<byte> RegName = Create(Alphanumeric + "-._~!$&'()*+;=%");

    /// <summary>An IPv6 address between brackets.</summary>
    public static readonly SearchValues<byte> Ipv6 = Create("0123456789ABCDEFabcdef:.");

    /// <summary>Members of Upgrade with their separators (RFC 9110 section 7.8).</summary>
    public static readonly SearchValues<byte> Protocols = Create(Alphanumeric + "!#$%&'*+-.^_`|~" + "/, \t");

    /// <summary>What ends a field value or must not be in one: controls but HTAB (RFC 9110 section 5.5).</summary>
    public static readonly SearchValues<byte> Controls = Create(string.Concat(
        Enumerable.Range(0, 0x20).Where(c => c != '\t').Append(0x7F).Select(c => (char)c)));

    private static SearchValues<byte> Create(string characters) =>
        SearchValues.Create([.. characters.Select(c => (byte)c)]);
}
