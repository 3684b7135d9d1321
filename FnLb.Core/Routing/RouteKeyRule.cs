using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace FnLb.Core.Routing;

/// <summary>
/// What of a request names its function: written <c>path</c>, <c>segments:N</c>, <c>header:NAME</c> or <c>fn</c>.
/// </summary>
/// <remarks>
/// Requests with one key go to one home and share what is known of their function. Too fine a key (an id in the path)
/// makes a function of every call; too coarse a key makes one of many, and their containers are mistaken for each
/// other.
/// </remarks>
public sealed record RouteKeyRule
{
    /// <summary>The default.</summary>
    public static readonly RouteKeyRule Path = new(RouteKeyKind.Path);

    private const int SegmentsMax = 32;
    private const int HeaderCharsMax = 64;
    private const byte Slash = (byte)'/';
    private const string Expected = "path, segments:N, header:NAME or fn";

    private static readonly SearchValues<char> TokenChars = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private readonly byte[] _headerName = [];

    private RouteKeyRule(RouteKeyKind kind)
    {
        Kind = kind;
    }

    public RouteKeyKind Kind { get; }

    /// <summary>Of the path, 1 to 32; 0 for rules that do not count them.</summary>
    public int Segments { get; private init; }

    /// <summary>
    /// The name of the header to look up, in the case it was written; empty for rules that need none.
    /// </summary>
    public ReadOnlySpan<byte> HeaderName => _headerName;

    /// <param name="text">What the operator wrote.</param>
    /// <param name="error">What is wrong with it and what to write instead; null on success.</param>
    public static bool TryParse(
        string? text, [NotNullWhen(true)] out RouteKeyRule? rule, [NotNullWhen(false)] out string? error)
    {
        string name = text ?? string.Empty;
        int colon = name.IndexOf(':');
        string argument = colon < 0 ? string.Empty : name[(colon + 1)..];
        (rule, error) = (colon < 0 ? name : name[..colon], colon < 0) switch
        {
            ("path", true) => (Path, null),
            ("fn", true) => (new RouteKeyRule(RouteKeyKind.Fn), null),
            ("segments", false) => ParseSegments(argument),
            ("header", false) => ParseHeader(argument),
            _ => (default(RouteKeyRule), $"must be {Expected}"),
        };
        return rule is not null;
    }

    /// <summary>The key of a request. Allocates nothing.</summary>
    /// <param name="path">Without query; empty means "/".</param>
    /// <param name="header">Value of the header <see cref="HeaderName"/>; empty when it is absent.</param>
    public RouteKey Of(ReadOnlySpan<byte> path, ReadOnlySpan<byte> header) => RouteKey.Of(NameOf(path, header));

    /// <summary>What the key of a request is made of: all requests with the same have one key.</summary>
    /// <inheritdoc cref="Of"/>
    public ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> path, ReadOnlySpan<byte> header)
    {
        ReadOnlySpan<byte> whole = path.IsEmpty ? "/"u8 : path;
        return Kind switch
        {
            RouteKeyKind.Path => whole,
            RouteKeyKind.Segments => FirstSegments(whole, Segments),
            RouteKeyKind.Header => header.IsEmpty ? whole : header,
            RouteKeyKind.Fn => FirstSegments(whole, FnSegments(whole)),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>As it is written on the command line.</summary>
    public override string ToString() => Kind switch
    {
        RouteKeyKind.Segments => string.Create(CultureInfo.InvariantCulture, $"segments:{Segments}"),
        RouteKeyKind.Header => $"header:{Encoding.ASCII.GetString(_headerName)}",
        _ => Kind.ToString().ToLowerInvariant(),
    };

    public bool Equals(RouteKeyRule? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static (RouteKeyRule?, string?) ParseSegments(string argument)
    {
        bool isNumber = int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out int segments);
        return isNumber && segments is >= 1 and <= SegmentsMax
            ? (new RouteKeyRule(RouteKeyKind.Segments) { Segments = segments }, null)
            : (null, $"must be segments:N with N from 1 to {SegmentsMax}");
    }

    private static (RouteKeyRule?, string?) ParseHeader(string argument)
    {
        bool isName = argument.Length is > 0 and <= HeaderCharsMax && !argument.AsSpan().ContainsAnyExcept(TokenChars);
        return isName
            ? (new RouteKeyRule(argument), null)
            : (null, $"must be header:NAME with the name of a header of at most {HeaderCharsMax} characters");
    }

    private RouteKeyRule(string headerName)
        : this(RouteKeyKind.Header)
    {
        _headerName = Encoding.ASCII.GetBytes(headerName);
    }

    // /r/APP/ROUTE and /t/APP/TRIGGER may go on with what is an argument to the function; /invoke/ID names it alone.
    private static int FnSegments(ReadOnlySpan<byte> path) =>
        path.StartsWith("/r/"u8) || path.StartsWith("/t/"u8) ? 3
        : path.StartsWith("/invoke/"u8) ? 2
        : int.MaxValue;

    private static ReadOnlySpan<byte> FirstSegments(ReadOnlySpan<byte> path, int segments)
    {
        int end = 0;
        for (int segment = 0; segment < segments && end < path.Length; segment++)
        {
            int length = path[(end + 1)..].IndexOf(Slash);
            end = length < 0 ? path.Length : end + 1 + length;
        }

        return path[..end];
    }
}
