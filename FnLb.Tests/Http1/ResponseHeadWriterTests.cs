using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>What a client gets to see of a response head.</summary>
public sealed class ResponseHeadWriterTests
{
    private const string DateLine = "Date: " + ParsedResponse.Now + "\r\n";

    [Test]
    public void A_plain_response_is_written_like_this() => Assert.That(
        ParsedResponse.Served(
            "HTTP/1.0 200 OK\r\nServer:fn\r\ncontent-length: 05\r\nXXX-FXLB-WAIT: 1s\r\nX-A: \u00ff\r\n\r\n").Relayed(),
        Is.EqualTo("HTTP/1.1 200 OK\r\nServer: fn\r\nX-A: \u00ff\r\n" + DateLine + "Content-Length: 5\r\n\r\n"));

    [TestCase("HTTP/1.1 200", "HTTP/1.1 200 \r\n")]
    [TestCase("HTTP/1.1 200 ", "HTTP/1.1 200 \r\n")]
    [TestCase("HTTP/1.0 299 \u00fc b", "HTTP/1.1 299 \u00fc b\r\n")]
    [TestCase("HTTP/1.5 799 x", "HTTP/1.1 799 x\r\n")]
    public void B8_B131_B132_The_status_line_is_HTTP_1_1_with_the_nodes_code_and_reason(string start, string written) =>
        Assert.That(ParsedResponse.Served(Wire.Response("", start)).Relayed(close: true), Does.StartWith(written));

    [Test]
    public void B40_B41_B42_B117_B133_Other_fields_pass_in_their_order_byte_for_byte()
    {
        string[] lines =
        [
            "Set-Cookie: a=b; Expires=Sun, 06 Nov 1994 08:49:37 GMT", "X: 1", "Set-Cookie: c=d", "X: 2",
            "Set-Cookie: e", "ETag: \"x\"", "Allow: GET, X", "Date: their own", "Retry-After: 15", "Location: /%0d%0a",
            "Via: 1.1 node", "WWW-Authenticate: Basic", "X-Request-Id: x", "Host: odd",
        ];
        string relayed = ParsedResponse.Served(
            Wire.Response(string.Join("\r\n", lines) + "\r\nContent-Length: 0")).Relayed();
        Assert.That(
            relayed, Is.EqualTo("HTTP/1.1 200 OK\r\n" + string.Join("\r\n", lines) + "\r\nContent-Length: 0\r\n\r\n"));
    }

    [TestCase("Keep-Alive: timeout=5")]
    [TestCase("Proxy-Connection: keep-alive")]
    [TestCase("Proxy-Authenticate: Basic")]
    [TestCase("TE: trailers")]
    [TestCase("Upgrade: h2c")]
    [TestCase("Upgrade: h2c\r\nConnection: Upgrade")]
    [TestCase("Connection: close")]
    [TestCase("XXX-FXLB-WAIT: 1s\r\nxxx-fxlb-wait: 2s")]
    [TestCase("Connection: X-A, close\r\nx-a: 1\r\nX-A: 2\r\nconnection: x-b\r\nX-B: 3")]
    public void B107_B108_What_ends_at_this_hop_is_left_out(string lines) => Assert.That(
        ParsedResponse.Served(Wire.Response("Content-Length: 5\r\n" + lines)).Relayed(),
        Is.EqualTo(ParsedResponse.Served(Wire.Response("Content-Length: 5")).Relayed()));

    [Test]
    public void B110_Nominating_framing_or_Date_has_no_effect()
    {
        string relayed = ParsedResponse.Served(
            Wire.Response("Date: x\r\nContent-Length: 5\r\nConnection: content-length, date")).Relayed();
        Assert.That(relayed, Is.EqualTo("HTTP/1.1 200 OK\r\nDate: x\r\nContent-Length: 5\r\n\r\n"));
    }

    [TestCase(BodyFraming.Chunked, false, false, "Transfer-Encoding: chunked\r\n")]
    [TestCase(BodyFraming.Chunked, true, false, "Transfer-Encoding: chunked\r\nConnection: close\r\n")]
    [TestCase(BodyFraming.UntilClose, true, false, "Connection: close\r\n")]
    [TestCase(BodyFraming.UntilClose, true, true, "Connection: close\r\n")]
    public void A_B56_B61_B91_The_clients_framing_is_our_own_choice(
        BodyFraming framing, bool close, bool clientIsHttp10, string written) => Assert.That(
        ParsedResponse.Served(Wire.Response("Transfer-Encoding: chunked")).Relayed(framing, close, clientIsHttp10),
        Is.EqualTo("HTTP/1.1 200 OK\r\n" + DateLine + written + "\r\n"));

    [TestCase("Transfer-Encoding: chunked", BodyFraming.Chunked, true)]
    [TestCase("Content-Length: 5", BodyFraming.Length, false)]
    public void B84_Trailer_passes_where_trailers_can_follow(string lines, BodyFraming framing, bool passes)
    {
        string relayed = ParsedResponse.Served(Wire.Response(lines + "\r\nTrailer: X")).Relayed(framing);
        Assert.That(relayed.Contains("Trailer: X", StringComparison.Ordinal), Is.EqualTo(passes));
    }

    [TestCase(200, RequestMethod.Head, "Content-Length: 1234", "Content-Length: 1234\r\n")]
    [TestCase(200, RequestMethod.Head, "Transfer-Encoding: chunked", "")]
    [TestCase(200, RequestMethod.Head, "", "")]
    [TestCase(304, RequestMethod.Get, "Content-Length: 1234", "Content-Length: 1234\r\n")]
    [TestCase(304, RequestMethod.Get, "Transfer-Encoding: chunked", "")]
    [TestCase(204, RequestMethod.Get, "Content-Length: 5", "")]
    [TestCase(204, RequestMethod.Get, "Transfer-Encoding: chunked", "")]
    [TestCase(205, RequestMethod.Get, "Content-Length: 5", "Content-Length: 0\r\n")]
    [TestCase(205, RequestMethod.Get, "", "Content-Length: 0\r\n")]
    public void A70_B55_B75_Bodyless_responses_say_only_what_they_may(
        int status, RequestMethod method, string lines, string written) => Assert.That(
        ParsedResponse.Served(Wire.Response(lines, $"HTTP/1.1 {status} x"), method).Relayed(),
        Is.EqualTo($"HTTP/1.1 {status} x\r\n{DateLine}{written}\r\n"));

    [Test]
    public void B55_B128_An_interim_response_passes_without_date_or_framing_or_connection() => Assert.That(
        ParsedResponse.Served(
            Wire.Response("Link: </x>\r\nContent-Length: 5", "HTTP/1.1 103 Early Hints")).Relayed(close: true),
        Is.EqualTo("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"));

    [TestCase("Date: x", "Date: x\r\n")]
    [TestCase("", DateLine)]
    public void B50_A_missing_date_is_added(string lines, string written) => Assert.That(
        ParsedResponse.Served(Wire.Response(lines)).Relayed(close: true),
        Is.EqualTo($"HTTP/1.1 200 OK\r\n{written}Connection: close\r\n\r\n"));

    [Test]
    public void B92_An_HTTP_1_0_client_that_may_stay_is_told_so() => Assert.That(
        ParsedResponse.Served(Wire.Response("Date: x\r\nContent-Length: 0")).Relayed(clientIsHttp10: true),
        Is.EqualTo("HTTP/1.1 200 OK\r\nDate: x\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n"));

    [Test]
    public void B119_A_101_carries_the_upgrade_and_nominates_it() => Assert.That(
        ParsedResponse.Served(Wire.Response(
            "Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: x", "HTTP/1.1 101 Go")).Relayed(),
        Is.EqualTo("HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\nConnection: Upgrade\r\n\r\n"));

    [TestCase(false, false, "Upgrade: TLS/1.3\r\nContent-Length: 0\r\nConnection: Upgrade\r\n")]
    [TestCase(true, false, "Upgrade: TLS/1.3\r\nContent-Length: 0\r\nConnection: close, Upgrade\r\n")]
    [TestCase(false, true, "Content-Length: 0\r\nConnection: keep-alive\r\n")]
    public void A_426_keeps_the_upgrade_it_must_have(bool close, bool clientIsHttp10, string written) => Assert.That(
        ParsedResponse.Served(
            Wire.Response(
                "Date: x\r\nUpgrade: TLS/1.3\r\nConnection: Upgrade\r\nContent-Length: 0",
                "HTTP/1.1 426 x")).Relayed(null, close, clientIsHttp10),
        Is.EqualTo("HTTP/1.1 426 x\r\nDate: x\r\n" + written + "\r\n"));

    [Test]
    public void The_bound_holds_for_the_head_that_grows_most()
    {
        string lines = string.Join("\r\n", Enumerable.Range(0, 196).Select(_ => "a:"))
            + "\r\nUpgrade:x\r\nConnection:upgrade\r\nContent-Length:9223372036854775807";
        ParsedResponse response = ParsedResponse.Served(Wire.Response(lines, "HTTP/1.1 426"));
        Assert.That(ParsedResponse.Of(response.Relayed(close: true)).Status, Is.EqualTo(ParseStatus.Complete));
    }
}
