using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>HTTP.md part A, rows 17 to 29, and the rows of part B on field lines.</summary>
public sealed class FieldSectionParserTests
{
    [TestCase("GET / HTTP/1.1\nHost: a\n\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n\n")]
    [TestCase("GET / HTTP/1.1\nHost: a\r\n\r\n")]
    public void A17_B2_A_line_that_ends_in_LF_alone_is_refused(string text) =>
        ParsedRequest.RefusedUnlike("GET / HTTP/1.1\r\nHost: a\r\n\r\n", text, Rejection.BareLf);

    [TestCase("X: va\rlue", "X: value")]
    [TestCase("X: a:/\rSmuggled: x", "X: a:/\r\nSmuggled: x")]
    [TestCase("X: a\r", "X: a")]
    [TestCase("X: \r\rb", "X: b")]
    public void A18_B3_A_CR_within_a_value_is_refused(string lines, string twin) =>
        RefusedUnlike(twin, lines, Rejection.BareCr);

    [TestCase("Test: a\0b", "Test: ab", Rejection.InvalidFieldValue)]
    [TestCase("Evil: x\0", "Evil: x", Rejection.InvalidFieldValue)]
    [TestCase("\0Evil: x", "Evil: x", Rejection.InvalidFieldName)]
    [TestCase("Ev\0il: x", "Evil: x", Rejection.InvalidFieldName)]
    [TestCase("c\0", "c:", Rejection.InvalidFieldName)]
    public void A19_B47_A_NUL_is_refused(string lines, string twin, Rejection rejection) =>
        RefusedUnlike(twin, lines, rejection);

    [Test]
    public void A20_A21_B1_B46_B48_A_value_takes_every_byte_but_control_characters_and_keeps_it()
    {
        for (int b = 0; b <= byte.MaxValue; b++)
        {
            string value = $"a{(char)b}b";
            ParsedRequest request = ParsedRequest.Of(Wire.Request("X: " + value));
            bool isServed = b is '\t' or (>= 0x20 and not 0x7F);
            Assert.That(
                request.Status, Is.EqualTo(isServed ? ParseStatus.Complete : ParseStatus.Rejected), $"byte {b:X2}");
            if (isServed)
            {
                Assert.That(request.Forwarded(), Does.Contain($"\r\nX: {value}\r\n"), $"byte {b:X2}");
            }
        }
    }

    [TestCase("\u0085admin\u00a0")]
    [TestCase("\u00a0")]
    [TestCase("\u00ff \u0080")]
    public void A21_Bytes_beyond_ASCII_are_never_trimmed(string value) =>
        Assert.That(
            ParsedRequest.Served(Wire.Request("User: " + value)).Forwarded(), Does.Contain($"\r\nUser: {value}\r\n"));

    [Test]
    public void A22_A_name_takes_tchar_only()
    {
        for (int b = 0; b <= byte.MaxValue; b++)
        {
            ParsedRequest request = ParsedRequest.Of(Wire.Request($"A{(char)b}b: x"));
            bool isTchar = char.IsAsciiLetterOrDigit((char)b) || "!#$%&'*+-.^_`|~".Contains((char)b);
            Assert.That(
                request.Status,
                Is.EqualTo(isTchar || b == ':' ? ParseStatus.Complete : ParseStatus.Rejected),
                $"byte {b:X2}");
        }
    }

    [TestCase("Content-Length\u0085: 5")]
    [TestCase("Content-Length\u00a0: 5")]
    [TestCase("\"Content-Length\": 5")]
    public void A22_A_name_that_looks_like_a_framing_field_is_refused(string lines) =>
        RefusedUnlike("Content-Length: 5", lines, Rejection.InvalidFieldName);

    [TestCase("Content-Length : 34")]
    [TestCase("Content-Length\t: 34")]
    [TestCase("Content Length: 34")]
    public void A23_B34_Whitespace_before_the_colon_is_refused(string lines) =>
        RefusedUnlike("Content-Length: 34", lines, Rejection.WhitespaceBeforeColon);

    [TestCase("\tContent-Length: 1")]
    [TestCase(" Content-Length: 1")]
    [TestCase(" ")]
    public void A24_B6_Whitespace_before_the_first_field_is_refused(string line) => ParsedRequest.RefusedUnlike(
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nHost: a\r\n\r\n",
        $"GET / HTTP/1.1\r\n{line}\r\nHost: a\r\n\r\n",
        Rejection.LeadingWhitespace);

    [TestCase("X: a\r\n b", "X: a\r\nb:")]
    [TestCase("X: a\r\n\tb", "X: a\r\nb:")]
    [TestCase("Transfer-Encoding:\r\n chunked", "Transfer-Encoding: chunked")]
    [TestCase("Transfer-Encoding: chunked\r\n , gzip", "Transfer-Encoding: chunked")]
    [TestCase("X: a\r\n ", "X: a")]
    public void A25_B37_A_folded_line_is_refused(string lines, string twin) =>
        RefusedUnlike(twin, lines, Rejection.LeadingWhitespace);

    [TestCase("Te\nst: x", "Test: x", Rejection.MissingColon)]
    [TestCase("Content-Length 10", "Content-Length: 10", Rejection.WhitespaceBeforeColon)]
    [TestCase("NoColon", "NoColon:", Rejection.MissingColon)]
    [TestCase("Transfer-\r\nEncoding: chunked", "Transfer-Encoding: chunked", Rejection.MissingColon)]
    public void A26_A_line_without_a_colon_is_refused(string lines, string twin, Rejection rejection) =>
        RefusedUnlike(twin, lines, rejection);

    [TestCase(": x", "a: x")]
    [TestCase(":", "a:")]
    public void A27_An_empty_name_is_refused(string lines, string twin) =>
        RefusedUnlike(twin, lines, Rejection.EmptyFieldName);

    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n\rX", Rejection.BareCr)]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n\r\r\n", Rejection.BareCr)]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n\n\n", Rejection.BareLf)]
    public void A28_Only_an_empty_line_ends_the_section(string text, Rejection rejection) =>
        ParsedRequest.RefusedUnlike("GET / HTTP/1.1\r\nHost: a\r\n\r\n", text, rejection);

    [TestCase("Transfer_Encoding: chunked")]
    [TestCase("Content_Length: 5")]
    [TestCase("Content.Length: 5")]
    [TestCase("XTransfer-Encoding: chunked")]
    [TestCase("Transfer-Encodin: chunked")]
    public void A29_A_name_that_resembles_a_framing_field_frames_nothing_and_passes(string line)
    {
        ParsedRequest request = ParsedRequest.Served(Wire.Request(line));
        Assert.That(request.Head.Framing, Is.EqualTo(BodyFraming.None));
        Assert.That(request.Forwarded(), Does.Contain($"\r\n{line}\r\n"));
    }

    [TestCase("TRANSFER-ENCODING: chunked", BodyFraming.Chunked)]
    [TestCase("cOnTeNt-LeNgTh: 5", BodyFraming.Length)]
    public void B39_Names_are_case_insensitive(string line, BodyFraming framing) =>
        Assert.That(ParsedRequest.Served(Wire.Request(line)).Head.Framing, Is.EqualTo(framing));

    [TestCase("X:a", "a")]
    [TestCase("X: \t a \t ", "a")]
    [TestCase("X: a \t b", "a \t b")]
    [TestCase("X:", "")]
    [TestCase("X: \t ", "")]
    public void B45_Whitespace_around_a_value_is_not_part_of_it(string line, string value) =>
        Assert.That(ParsedRequest.Served(Wire.Request(line)).Fields.Last(), Is.EqualTo(("X", value)));

    [Test]
    public void Every_known_name_is_recognised_in_any_case()
    {
        (FieldKind Kind, string Name)[] names =
        [
            (FieldKind.Host, "Host"),
            (FieldKind.ContentLength, "Content-Length"),
            (FieldKind.TransferEncoding, "Transfer-Encoding"),
            (FieldKind.Connection, "Connection"),
            (FieldKind.KeepAlive, "Keep-Alive"),
            (FieldKind.ProxyConnection, "Proxy-Connection"),
            (FieldKind.ProxyAuthenticate, "Proxy-Authenticate"),
            (FieldKind.ProxyAuthorization, "Proxy-Authorization"),
            (FieldKind.Te, "TE"),
            (FieldKind.Trailer, "Trailer"),
            (FieldKind.Upgrade, "Upgrade"),
            (FieldKind.Expect, "Expect"),
            (FieldKind.Via, "Via"),
            (FieldKind.XForwardedFor, "X-Forwarded-For"),
            (FieldKind.XForwardedProto, "X-Forwarded-Proto"),
            (FieldKind.XForwardedHost, "X-Forwarded-Host"),
            (FieldKind.XRequestId, "X-Request-Id"),
            (FieldKind.MaxForwards, "Max-Forwards"),
            (FieldKind.Date, "Date"),
            (FieldKind.RetryAfter, "Retry-After"),
            (FieldKind.FxlbWait, "XXX-FXLB-WAIT"),
            .. ((string[])
            [
                "traceparent", "b3", "X-B3-TraceId", "X-B3-SpanId", "X-B3-ParentSpanId", "X-B3-Sampled", "X-B3-Flags",
            ]).Select(name => (FieldKind.TraceContext, name)),
        ];
        Assert.That(names.Select(known => known.Kind).Distinct().Append(FieldKind.Other),
            Is.EquivalentTo(Enum.GetValues<FieldKind>()));
        foreach ((FieldKind kind, string name) in names)
        {
            Assert.That(FieldNames.Classify(Wire.Bytes(name)), Is.EqualTo(kind), name);
            Assert.That(FieldNames.Classify(Wire.Bytes(name.ToLowerInvariant())), Is.EqualTo(kind), name);
            Assert.That(FieldNames.Classify(Wire.Bytes(name.ToUpperInvariant())), Is.EqualTo(kind), name);
            for (int index = 0; index < name.Length; index++)
            {
                string other = string.Concat(name.AsSpan(0, index), "_", name.AsSpan(index + 1));
                Assert.That(FieldNames.Classify(Wire.Bytes(other)), Is.EqualTo(FieldKind.Other), other);
            }
        }
    }

    private static void RefusedUnlike(string twin, string lines, Rejection rejection) =>
        ParsedRequest.RefusedUnlike(Wire.Request(twin), Wire.Request(lines), rejection);
}
