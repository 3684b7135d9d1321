using System.Buffers;
using System.Runtime.Intrinsics;

namespace FnLb.Core.Http1;

/// <summary>The character classes of the grammar, in the forms vectorised searches take.</summary>
internal static class ByteSets
{
    private const string RegNameCharacters = Alphanumeric + "-._~!$&'()*+;=";
    private const string Alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>tchar (RFC 9110 section 5.6.2).</summary>
    public static readonly SearchValues<byte> Token = Create(Alphanumeric + "!#$%&'*+-.^_`|~");

    /// <summary>reg-name (RFC 3986 section 3.2.2) without the comma, which would make a list of Host, and without
    /// escapes.</summary>
    public static readonly SearchValues<byte> PlainRegName = Create(RegNameCharacters);

    /// <summary>The same with the percent sign.</summary>
    public static readonly SearchValues<byte> RegName = Create(RegNameCharacters + "%");

    /// <summary>An IPv6 address between brackets.</summary>
    public static readonly SearchValues<byte> Ipv6 = Create("0123456789ABCDEFabcdef:.");

    /// <summary>Members of Upgrade with their separators (RFC 9110 section 7.8).</summary>
    public static readonly SearchValues<byte> Protocols = Create(Alphanumeric + "!#$%&'*+-.^_`|~" + "/, \t");

    /// <summary><see cref="Token"/> as <see cref="ByteScan"/> takes it: bit h of row l stands for the byte with the
    /// upper four bits h and the lower four bits l.</summary>
    public static Vector128<byte> TokenRows => Vector128.Create(
        0xE8, 0xFC, 0xF8, 0xFC, 0xFC, 0xFC, 0xFC, 0xFC, 0xF8, 0xF8, 0xF4, 0x54, 0xD0, 0x54, 0xF4, (byte)0x70);

    /// <summary>What may stand in a request target, likewise: RFC 3986, and what the URL Standard leaves
    /// bare.</summary>
    /// <remarks>The addition is [ ] ^ ` { | }: browsers send them, in queries such as ?a[]=1, and none can be taken
    /// for framing.</remarks>
    public static Vector128<byte> TargetRows => Vector128.Create(
        0xF8, 0xFC, 0xF8, 0xF8, 0xFC, 0xFC, 0xFC, 0xFC, 0xFC, 0xFC, 0xFC, 0xFC, 0xD4, 0xFC, 0xF4, (byte)0x7C);

    private static SearchValues<byte> Create(string characters) =>
        SearchValues.Create([.. characters.Select(c => (byte)c)]);
}
