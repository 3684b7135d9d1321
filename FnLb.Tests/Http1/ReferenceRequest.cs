using System.Net;
using System.Numerics;
using System.Text.RegularExpressions;
using FnLb.Core.Http1;

namespace FnLb.Tests.Http1;

/// <summary>A second, slow reading of a request head, from regular expressions close to the ABNF, to hold the parser
/// against.</summary>
internal sealed partial record ReferenceRequest
{
    private const string Tchar = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]";
    private const string TargetChar = "[!$%&'()*+,\\-./0-9:;=?@A-Z\\[\\]^_`a-z{|}~]";
    private const string HostPattern =
        "(?:(?:[A-Za-z0-9\\-._~!$&'()*+;=]|%[0-9A-Fa-f]{2})+|\\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\\])";

    public required int Length { get; init; }

    public required string Method { get; init; }

    public required string Target { get; init; }

    public required bool IsHttp10 { get; init; }

    public required string PathAndQuery { get; init; }

    public required string Authority { get; init; }

    public required IReadOnlyList<(string Name, string Value)> Fields { get; init; }

    public BodyFraming Framing => ValuesOf("transfer-encoding").Any() ? BodyFraming.Chunked
        : ValuesOf("content-length").Any() ? BodyFraming.Length
        : BodyFraming.None;

    public long ContentLength =>
        ValuesOf("content-length").Select(value => (long)BigInteger.Parse(value)).FirstOrDefault();

    public bool KeepAlive => !Options.Contains("close") && (!IsHttp10 || Options.Contains("keep-alive"));

    public HashSet<string> Options => [.. MembersOf("connection").Select(option => option.ToLowerInvariant())];

    /// <returns>Null when the text does not start with a head that must be served.</returns>
    public static ReferenceRequest? Read(string text)
    {
        Match match = Head().Match(text);
        if (!match.Success || match.Groups["method"].Length > 64 || match.Groups["method"].Value == "CONNECT")
        {
            return null;
        }

        Group names = match.Groups["name"];
        Group values = match.Groups["value"];
        ReferenceRequest request = new()
        {
            Length = match.Length,
            Method = match.Groups["method"].Value,
            Target = match.Groups["target"].Value,
            IsHttp10 = match.Groups["minor"].Value == "0",
            PathAndQuery = "",
            Authority = "",
            Fields = [.. names.Captures.Zip(values.Captures, (name, value) => (name.Value, Trim(value.Value)))],
        };
        return request.FieldsAreGood() ? request.WithTarget() : null;
    }

    public IEnumerable<string> ValuesOf(string name) =>
        Fields.Where(field => Same(field.Name, name)).Select(field => field.Value);

    private IEnumerable<string> MembersOf(string name) =>
        ValuesOf(name).SelectMany(value => value.Split(',')).Select(Trim).Where(member => member.Length > 0);

    private static string Trim(string text) => text.Trim(' ', '\t');

    private ReferenceRequest? WithTarget()
    {
        string host = ValuesOf("host").FirstOrDefault("");
        if (Target[0] == '/')
        {
            return this with { PathAndQuery = Target, Authority = host };
        }

        if (Target == "*")
        {
            return Method == "OPTIONS" ? this with { Authority = host } : null;
        }

        Match match = Absolute().Match(Target);
        return match.Success && IsAuthority(match.Groups["authority"].Value)
            ? this with { PathAndQuery = match.Groups["path"].Value, Authority = match.Groups["authority"].Value }
            : null;
    }

    private bool FieldsAreGood()
    {
        string[] hosts = [.. ValuesOf("host")];
        string[] lengths = [.. ValuesOf("content-length")];
        string[] codings = [.. ValuesOf("transfer-encoding")];
        return (hosts.Length == 1 || (hosts.Length == 0 && IsHttp10))
            && hosts.All(IsAuthority)
            && lengths.Length + codings.Length <= 1
            && lengths.All(value => Decimal().IsMatch(value) && BigInteger.Parse(value) <= long.MaxValue)
            && codings.All(value => !IsHttp10 && Same(value, "chunked"))
            && MembersOf("connection").All(option => Token().IsMatch(option))
            && MembersOf("connection").Count() <= 64
            && (IsHttp10 || MembersOf("expect").All(member => Same(member, "100-continue")));
    }

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);

    private static bool IsAuthority(string text)
    {
        Match match = HostAndPort().Match(text);
        string port = match.Groups["port"].Value;
        return match.Success
            && (text[0] != '[' || IPAddress.TryParse(match.Groups["host"].Value, out _))
            && (port.Length == 0 || BigInteger.Parse(port) <= 65535);
    }

    [GeneratedRegex(
        @"\A(?:\r\n){0,4}(?<method>" + Tchar + "+) (?<target>" + TargetChar + @"+) HTTP/1\.(?<minor>[0-9])\r\n"
        + @"(?:(?<name>" + Tchar + @"+):(?<value>[\t\x20-\x7e\x80-\xff]*)\r\n)*\r\n")]
    private static partial Regex Head();

    [GeneratedRegex(@"\A(?i:https?)://(?<authority>[^/?]*)(?<path>(?:[/?].*)?)\z")]
    private static partial Regex Absolute();

    [GeneratedRegex(@"\A(?<host>" + HostPattern + @")(?::(?<port>[0-9]*))?\z")]
    private static partial Regex HostAndPort();

    [GeneratedRegex(@"\A[0-9]+\z")]
    private static partial Regex Decimal();

    [GeneratedRegex(@"\A" + Tchar + @"+\z")]
    private static partial Regex Token();
}
