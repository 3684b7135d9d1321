using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>What the fields of a request say beyond Host and framing.</summary>
public sealed class RequestFieldsTests
{
    [TestCase("HTTP/1.1", "", true)]
    [TestCase("HTTP/1.1", "Connection: close", false)]
    [TestCase("HTTP/1.1", "Connection: ,CLOSE,,", false)]
    [TestCase("HTTP/1.1", "Connection: keep-alive", true)]
    [TestCase("HTTP/1.1", "Connection: keep-alive, close", false)]
    [TestCase("HTTP/1.1", "Connection: x\r\nconnection: close", false)]
    [TestCase("HTTP/1.1", "Connection:", true)]
    [TestCase("HTTP/1.1", "Proxy-Connection: close", true)]
    [TestCase("HTTP/1.1", "Connection: xclose", true)]
    [TestCase("HTTP/1.0", "", false)]
    [TestCase("HTTP/1.0", "Connection: Keep-Alive", true)]
    [TestCase("HTTP/1.0", "Connection: Keep-Alive, close", false)]
    [TestCase("HTTP/1.0", "Proxy-Connection: keep-alive", false)]
    public void B49_B88_B92_B102_The_client_says_what_persists(string version, string lines, bool keepAlive) =>
        Assert.That(
            ParsedRequest.Served(Wire.Request(lines, $"GET / {version}")).Head.KeepAlive, Is.EqualTo(keepAlive));

    [TestCase("close;x", "close", Rejection.InvalidConnection)]
    [TestCase("\"close\"", "close", Rejection.InvalidConnection)]
    [TestCase("a b", "a, b", Rejection.InvalidConnection)]
    [TestCase("\u00e9", "e", Rejection.InvalidConnection)]
    public void A_connection_option_that_is_no_token_is_refused(string value, string twin, Rejection rejection) =>
        ParsedRequest.RefusedUnlike(
            Wire.Request($"Connection: {twin}"), Wire.Request($"Connection: {value}"), rejection);

    [Test]
    public void More_connection_options_than_anyone_has_are_refused()
    {
        static string Lines(int count) =>
            "Connection: " + string.Join(',', Enumerable.Range(0, count).Select(index => $"x{index}"));
        ParsedRequest.RefusedUnlike(
            Wire.Request(Lines(64)), Wire.Request(Lines(65)), Rejection.TooManyConnectionOptions);

        static string Single(int count) => string.Join("\r\n", Enumerable.Repeat("Connection: close", count));
        ParsedRequest.RefusedUnlike(
            Wire.Request(Single(64)), Wire.Request(Single(65)), Rejection.TooManyConnectionOptions);
    }

    [TestCase("HTTP/1.1", "Expect: 100-continue", true)]
    [TestCase("HTTP/1.1", "expect: 100-Continue", true)]
    [TestCase("HTTP/1.1", "Expect: ,100-continue,", true)]
    [TestCase("HTTP/1.1", "Expect:", false)]
    [TestCase("HTTP/1.1", "", false)]
    [TestCase("HTTP/1.0", "Expect: 100-continue", false)]
    [TestCase("HTTP/1.0", "Expect: 200-ok", false)]
    public void B125_B126_Expect_is_understood_from_HTTP_1_1_on(string version, string lines, bool expects)
    {
        ParsedRequest request = ParsedRequest.Served(Wire.Request(lines, $"POST / {version}"));
        Assert.That(request.Head.ExpectsContinue, Is.EqualTo(expects));
        Assert.That(
            request.Forwarded().Contains("100-continue", StringComparison.OrdinalIgnoreCase), Is.EqualTo(expects));
    }

    [TestCase("200-ok")]
    [TestCase("100-continue, 200-ok")]
    [TestCase("100-continue;x=1")]
    public void B127_Another_expectation_fails(string value)
    {
        ParsedRequest.RefusedUnlike(
            Wire.Request("Expect: 100-continue"), Wire.Request($"Expect: {value}"), Rejection.ExpectationFailed);
        Assert.That(Rejection.ExpectationFailed.StatusCode(), Is.EqualTo(417));
    }

    [TestCase("HTTP/1.1", "Connection: Upgrade\r\nUpgrade: websocket", true)]
    [TestCase("HTTP/1.1", "Upgrade: websocket, foo/2\r\nConnection: keep-alive, upgrade", true)]
    [TestCase("HTTP/1.1", "Upgrade: websocket", false)]
    [TestCase("HTTP/1.1", "Connection: Upgrade", false)]
    [TestCase("HTTP/1.1", "Connection: Upgrade\r\nUpgrade:", false)]
    [TestCase("HTTP/1.1", "Connection: Upgrade\r\nUpgrade: web\u00e9", false)]
    [TestCase("HTTP/1.1", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x", false)]
    [TestCase("HTTP/1.1", "Connection: Upgrade\r\nUpgrade: websocket\r\nUpgrade: H2C", false)]
    [TestCase("HTTP/1.0", "Connection: Upgrade\r\nUpgrade: websocket", false)]
    public void B118_B119_Upgrade_is_offered_on_only_when_it_may_be(string version, string lines, bool offers)
    {
        ParsedRequest request = ParsedRequest.Served(Wire.Request(lines, $"GET / {version}"));
        Assert.That(request.Head.OffersUpgrade, Is.EqualTo(offers));
        string forwarded = request.Forwarded();
        Assert.That(forwarded.Contains("\r\nConnection: Upgrade\r\n", StringComparison.Ordinal), Is.EqualTo(offers));
        Assert.That(forwarded.Contains("\r\nUpgrade: websocket", StringComparison.Ordinal), Is.EqualTo(offers));
        Assert.That(forwarded, Does.Not.Contain("HTTP2-Settings"));
    }

    [TestCase("OPTIONS", "Max-Forwards: 0", 0)]
    [TestCase("OPTIONS", "Max-Forwards: 1", 1)]
    [TestCase("TRACE", "max-forwards: 010", 10)]
    [TestCase("TRACE", "Max-Forwards: 99999999999999999999", int.MaxValue)]
    [TestCase("TRACE", "", -1)]
    [TestCase("TRACE", "Max-Forwards: -1", -1)]
    [TestCase("TRACE", "Max-Forwards: 1 2", -1)]
    [TestCase("TRACE", "Max-Forwards: 3\r\nMax-Forwards: 3", -1)]
    [TestCase("GET", "Max-Forwards: 3", -1)]
    public void B112_Max_Forwards_counts_for_TRACE_and_OPTIONS(string method, string lines, int expected) =>
        Assert.That(
            ParsedRequest.Served(Wire.Request(lines, $"{method} / HTTP/1.1")).Head.MaxForwards, Is.EqualTo(expected));

    [TestCase("", 0)]
    [TestCase("Via: 1.1 fnlb", 1)]
    [TestCase("Via: 1.0 a, 1.1 FNLB (x), HTTP/1.1\tfnlb\r\nVia: 1.1 fnlb", 3)]
    [TestCase("Via: 1.1 fnlbx, fnlb, 1.1 a (fnlb), 1.1", 0)]
    public void B33_Own_turns_in_Via_are_counted(string lines, int count) =>
        Assert.That(ParsedRequest.Served(Wire.Request(lines)).Head.OwnViaCount, Is.EqualTo(count));

    [Test]
    public void A_table_used_again_keeps_nothing_of_the_request_before()
    {
        RequestHead head = new(Wire.Limits);
        byte[] first = Wire.Bytes(
            "OPTIONS http://b HTTP/1.1\r\nHost: a\r\nConnection: close, upgrade, x\r\nUpgrade: websocket\r\n"
            + "Expect: 100-continue\r\nVia: 1.1 fnlb\r\nMax-Forwards: 3\r\nContent-Length: 9\r\nx: y\r\n\r\n");
        Assert.That(RequestHeadParser.TryParse(first, Wire.Limits, head, out _), Is.EqualTo(ParseStatus.Complete));
        byte[] second = Wire.Bytes("GET /p HTTP/1.0\r\nConnection: keep-alive\r\nx: y\r\n\r\n");
        Assert.That(RequestHeadParser.TryParse(second, Wire.Limits, head, out _), Is.EqualTo(ParseStatus.Complete));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((head.Method, head.IsHttp10, head.KeepAlive), Is.EqualTo((RequestMethod.Get, true, true)));
            Assert.That((head.IsAsterisk, head.OffersUpgrade, head.ExpectsContinue), Is.EqualTo((false, false, false)));
            Assert.That((head.OwnViaCount, head.MaxForwards), Is.EqualTo((0, -1)));
            Assert.That((head.Framing, head.ContentLength), Is.EqualTo((BodyFraming.None, 0L)));
            Assert.That(head.Authority.IsEmpty);
            Assert.That(head.NominatedNames, Is.EqualTo(default(NameFilter)));
            Assert.That(head.Fields[1].IsNominated, Is.False);
        }
    }
}
