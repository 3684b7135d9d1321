using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>What a node gets to see of a request head.</summary>
public sealed class RequestHeadWriterTests
{
    [Test]
    public void A_plain_request_is_written_like_this()
    {
        string forwarded = ParsedRequest.Served(
            "POST /r/app/route?q=1 HTTP/1.1\r\nUser-Agent: curl/8\r\nhost: lb.example:8081\r\nAccept:*/*\r\n"
            + "Content-Length: 05\r\n\r\n").Forwarded();
        Assert.That(forwarded, Is.EqualTo(
            "POST /r/app/route?q=1 HTTP/1.1\r\nHost: lb.example:8081\r\nUser-Agent: curl/8\r\nAccept: */*\r\n"
            + "X-Forwarded-For: 10.1.2.3\r\nVia: 1.1 fnlb\r\nX-Forwarded-Proto: http\r\n"
            + "X-Forwarded-Host: lb.example:8081\r\nContent-Length: 5\r\n\r\n"));
    }

    [TestCase("GET http://a?x=1", "GET /?x=1")]
    [TestCase("GET http://a", "GET /")]
    [TestCase("GET http://a/", "GET /")]
    [TestCase("OPTIONS *", "OPTIONS *")]
    [TestCase("OPTIONS http://a", "OPTIONS *")]
    [TestCase("OPTIONS http://a/", "OPTIONS /")]
    [TestCase("OPTIONS http://a?x", "OPTIONS /?x")]
    [TestCase("get /a/../b//c%2f%2e?x=%20&y", "get /a/../b//c%2f%2e?x=%20&y")]
    public void B8_B25_B27_B28_B32_The_request_line_is_in_origin_form_and_HTTP_1_1(string start, string written)
    {
        Assert.That(
            ParsedRequest.Served(Wire.Request("", $"{start} HTTP/1.0")).Forwarded(),
            Does.StartWith($"{written} HTTP/1.1\r\n"));
        Assert.That(
            ParsedRequest.Served(Wire.Request("", $"{start} HTTP/1.9")).Forwarded(),
            Does.StartWith($"{written} HTTP/1.1\r\n"));
    }

    [Test]
    public void B40_B41_B142_Other_fields_pass_in_their_order_byte_for_byte()
    {
        string[] lines =
        [
            "X: 1", "Y: a", "X: 2", "x: \u0080\u00ff", "Cookie: a=b; c=\"d\"", "Cookie: e=f", "If-Match: \"x\"",
            "Range: foo=1-2", "Trailer: X", "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "X-B3-TraceId: 463ac35c9f6413ad", "Authorization: Basic eA==",
            "Forwarded: for=1.2.3.4", "XXX-FXLB-WAIT: 1s",
        ];
        string forwarded = ParsedRequest.Served(Wire.Request(string.Join("\r\n", lines))).Forwarded();
        Assert.That(forwarded, Does.Contain("\r\n" + string.Join("\r\n", lines) + "\r\nX-Forwarded-For"));
    }

    [TestCase("Keep-Alive: timeout=5")]
    [TestCase("Proxy-Connection: keep-alive")]
    [TestCase("Proxy-Authorization: Basic eA==")]
    [TestCase("TE: gzip, trailers")]
    [TestCase("Upgrade: websocket")]
    [TestCase("Connection: close")]
    [TestCase("Connection: TE\r\nTE: trailers")]
    [TestCase("Connection: X-A, close\r\nx-a: 1\r\nX-A: 2\r\nconnection: x-b\r\nX-B: 3")]
    [TestCase("X-A: 1\r\nConnection:, x-a ,")]
    [TestCase("Connection: cookie\r\nCookie: x")]
    public void B107_B108_B111_B134_What_ends_at_this_hop_is_left_out(string lines) => Assert.That(
        ParsedRequest.Served(Wire.Request(lines)).Forwarded(), Is.EqualTo(
            ParsedRequest.Served(Wire.Request()).Forwarded()));

    [Test]
    public void B110_Nominating_a_field_that_frames_or_routes_or_tells_the_caller_has_no_effect()
    {
        string names =
            "host, content-length, x-forwarded-for, x-forwarded-proto, x-forwarded-host, via, x-request-id, expect, "
            + "max-forwards, date";
        string lines =
            "Content-Length: 5\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: b\r\n"
            + "Via: 1.1 x\r\nX-Request-Id: id\r\nExpect: 100-continue\r\nMax-Forwards: 3\r\nDate: d";
        string forwarded = ParsedRequest.Served(Wire.Request(lines + "\r\nConnection: " + names)).Forwarded();
        Assert.That(forwarded, Is.EqualTo(ParsedRequest.Served(Wire.Request(lines)).Forwarded()));
        Assert.That(
            forwarded,
            Does.Contain("\r\nHost: a\r\n").And.Contain("\r\nContent-Length: 5\r\n").And.Contain("100-continue"));
    }

    [Test]
    public void B110_Nominating_Transfer_Encoding_has_no_effect() => Assert.That(
        ParsedRequest.Served(Wire.Request("Transfer-Encoding: chunked\r\nConnection: transfer-encoding")).Forwarded(),
        Does.Contain("\r\nTransfer-Encoding: chunked\r\n"));

    [TestCase("", "10.1.2.3")]
    [TestCase("X-Forwarded-For: 1.2.3.4", "1.2.3.4, 10.1.2.3")]
    [TestCase(
        "x-forwarded-for: 1.2.3.4, ::1\r\nX-Forwarded-For: 5.6.7.8\r\nX-Forwarded-For:",
        "1.2.3.4, ::1, 5.6.7.8, 10.1.2.3")]
    public void The_client_is_the_last_in_X_Forwarded_For(string lines, string expected)
    {
        string forwarded = ParsedRequest.Served(Wire.Request(lines)).Forwarded();
        Assert.That(Values(forwarded, "x-forwarded-for"), Is.EqualTo(expected));
    }

    [TestCase("HTTP/1.1", "", "1.1 fnlb")]
    [TestCase("HTTP/1.0", "", "1.0 fnlb")]
    [TestCase("HTTP/1.1", "Via: 1.0 a", "1.0 a, 1.1 fnlb")]
    [TestCase("HTTP/1.1", "Via: 1.0 a (c, d), 1.1 b\r\nvia: 2 c", "1.0 a (c, d), 1.1 b, 2 c, 1.1 fnlb")]
    public void B114_B115_Via_gets_a_member_at_its_end(string version, string lines, string expected)
    {
        string forwarded = ParsedRequest.Served(Wire.Request(lines, $"GET / {version}")).Forwarded();
        Assert.That(Values(forwarded, "via"), Is.EqualTo(expected));
    }

    [TestCase("", "http", "a")]
    [TestCase("X-Forwarded-Proto: https\r\nX-Forwarded-Host: b", "https", "b")]
    [TestCase("X-Forwarded-Proto:\r\nX-Forwarded-Host:", "http", "a")]
    public void Scheme_and_host_are_told_unless_someone_before_did(string lines, string proto, string host)
    {
        string forwarded = ParsedRequest.Served(Wire.Request(lines)).Forwarded();
        Assert.That(Values(forwarded, "x-forwarded-proto"), Is.EqualTo(proto));
        Assert.That(Values(forwarded, "x-forwarded-host"), Is.EqualTo(host));
    }

    [TestCase("", "made", "made")]
    [TestCase("X-Request-Id: theirs", "made", "theirs")]
    [TestCase("X-Request-Id:", "made", "made")]
    [TestCase("", "", "")]
    public void A_request_id_is_kept_or_made(string lines, string made, string expected) => Assert.That(
        Values(ParsedRequest.Served(Wire.Request(lines)).Forwarded(requestId: made), "x-request-id"),
        Is.EqualTo(expected));

    [TestCase("OPTIONS", "Max-Forwards: 10", "9")]
    [TestCase("TRACE", "Max-Forwards: 1", "0")]
    [TestCase("TRACE", "Max-Forwards: junk", "junk")]
    [TestCase("GET", "Max-Forwards: 10", "10")]
    [TestCase("OPTIONS", "", "")]
    public void B112_B113_Max_Forwards_is_counted_down_and_never_added(string method, string lines, string expected) =>
        Assert.That(
        Values(ParsedRequest.Served(Wire.Request(lines, $"{method} / HTTP/1.1")).Forwarded(), "max-forwards"),
        Is.EqualTo(expected));

    [Test]
    public void B109_B119_An_offered_upgrade_is_nominated_anew()
    {
        string forwarded = ParsedRequest.Served(
            Wire.Request("Connection: keep-alive, Upgrade, X\r\nX: 1\r\nUpgrade: websocket")).Forwarded();
        Assert.That(Values(forwarded, "connection"), Is.EqualTo("Upgrade"));
        Assert.That(Values(forwarded, "upgrade"), Is.EqualTo("websocket"));
    }

    [Test]
    public void The_bound_holds_for_the_head_that_grows_most()
    {
        string lines = string.Join("\r\n", Enumerable.Range(0, 190).Select(_ => "a:"))
            + "\r\nVia:1\r\nX-Forwarded-For:1\r\nConnection:upgrade\r\nUpgrade:x";
        ParsedRequest request = ParsedRequest.Served(
            $"OPTIONS http://{new string('h', 5000)} HTTP/1.1\r\nHost:a\r\n"
            + $"{lines}\r\nTransfer-Encoding:chunked\r\n\r\n");
        string forwarded = request.Forwarded("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", new string('i', 64));
        Assert.That(ParsedRequest.Of(forwarded).Status, Is.EqualTo(ParseStatus.Complete));
    }

    /// <summary>The values of all lines of that name, with | between them.</summary>
    private static string Values(string head, string name) => string.Join(" | ", ParsedRequest.Served(head).Fields
        .Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        .Select(field => field.Value));
}
