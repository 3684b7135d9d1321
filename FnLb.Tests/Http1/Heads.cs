using CsCheck;

namespace FnLb.Tests.Http1;

/// <summary>Generators of messages that are valid, nearly valid, or hostile in one place.</summary>
internal static class Heads
{
    private static readonly Gen<string> InterestingText = Gen.OneOfConst(
        "\r", "\n", "\r\n", "\0", " ", "\t", ":", ",", ";", "#", "/", "?", "%", "@", "[", "]", "\\", "\"", "\x7f",
        "\u0080", "\u0085", "\u00a0", "\u00ff",
        "0", "1", "9", "a", "G", "_", "-", "*", "\v", "\f", "\r\n\r\n", "\r\n ", "Host: b\r\n", "Content-Length: 5\r\n",
        "chunked", "HTTP/1.1", "http://");

    private static readonly Gen<string> FieldLine = Gen.OneOf(
        Line("Host", "a", "a.b:80", "[::1]:80", "a:", "", "a,b", "u@a", "a:99999", "%41", "[::1"),
        Line("Content-Length", "0", "5", "007", "9223372036854775807", "9223372036854775808", "-1", "+5", "5,5", ""),
        Line("Transfer-Encoding", "chunked", "CHUNKED", "chunked,", "gzip", "gzip, chunked", ""),
        Line("Connection", "close", "keep-alive", "x-a, close", "upgrade", "content-length", ",x-b,,", "a b", ""),
        Line("Expect", "100-continue", "100-Continue", "x", ""),
        Line(
            Gen.OneOfConst(
                "X-A", "x-b", "TE", "Upgrade", "Via", "X-Forwarded-For", "Keep-Alive", "Cookie", "Max-Forwards",
                "X-Request-Id", "Accept", "XXX-FXLB-WAIT"),
            Value()));

    /// <summary>Request heads of which a good part is valid, ten or more bytes long.</summary>
    public static readonly Gen<string> Plausible = Gen.Select(
        Gen.Frequency((9, Gen.Const("")), (1, Gen.OneOfConst("\r\n", "\r\n\r\n"))),
        Gen.OneOfConst("GET", "POST", "HEAD", "OPTIONS", "TRACE", "M-SEARCH", "get", "CONNECT"),
        Gen.Frequency(
            (6, Gen.OneOfConst("/", "/r/app/route", "/a/../b?x=%20&y[]=1", "//x", "/?")),
            (1, Gen.OneOfConst("http://h", "HTTPS://h:1/p?q", "http://h?q", "http://[::1]/", "http://u@h/")),
            (1, Gen.OneOfConst("*", "a:80"))),
        Gen.Frequency((8, Gen.Const("HTTP/1.1")), (2, Gen.OneOfConst("HTTP/1.0", "HTTP/1.7", "HTTP/2.0"))),
        Gen.Frequency((8, Gen.Const("Host: h\r\n")), (1, Gen.Const(""))),
        FieldLine.Array[0, 4],
        (empty, method, target, version, host, lines) =>
            $"{empty}{method} {target} {version}\r\n{host}{string.Concat(lines)}\r\n");

    /// <summary><see cref="Plausible"/>, followed by a few bytes of body, with up to three edits anywhere.</summary>
    public static readonly Gen<string> Mutated = Gen.Select(Plausible, Edit().Array[0, 3], (head, edits) =>
        edits.Aggregate(head + "body", (text, edit) => Apply(text, edit.Position, edit.Removed, edit.Inserted)));

    /// <summary>Those of <see cref="Mutated"/> that must be served.</summary>
    public static readonly Gen<string> Served = Mutated.Where(text => ReferenceRequest.Read(text) is not null);

    private static Gen<(int Position, int Removed, string Inserted)> Edit() =>
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 2], Gen.OneOf(InterestingText, Gen.Const("")));

    private static string Apply(string text, int position, int removed, string inserted)
    {
        int start = position % (text.Length + 1);
        return string.Concat(text.AsSpan(0, start), inserted, text.AsSpan(int.Min(text.Length, start + removed)));
    }

    private static Gen<string> Line(string name, params string[] values) =>
        Line(Gen.Const(name), Gen.OneOfConst(values));

    private static Gen<string> Line(Gen<string> name, Gen<string> value) => Gen.Select(
        name, Gen.Bool, Gen.OneOfConst(": ", ":", ":\t "), value, Gen.OneOfConst("", "", " \t"),
        (n, lower, separator, v, space) => $"{(lower ? n.ToLowerInvariant() : n)}{separator}{v}{space}\r\n");

    private static Gen<string> Value() =>
        Gen.Char["abc ,;=\"()/0123\t\u0080\u0085\u00a0\u00ff"].Array[0, 20].Select(text => new string(text));
}
