using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>HTTP.md part A, rows 57 to 64 and 70, as far as a head shows it.</summary>
public sealed class ResponseHeadParserTests
{
    [TestCase("foo", "0", Rejection.InvalidContentLength)]
    [TestCase("-1", "1", Rejection.InvalidContentLength)]
    [TestCase("5x", "5", Rejection.InvalidContentLength)]
    [TestCase("", "5", Rejection.InvalidContentLength)]
    [TestCase("5, 5", "5", Rejection.InvalidContentLength)]
    [TestCase("9223372036854775808", "9223372036854775807", Rejection.ContentLengthTooLarge)]
    [TestCase("5\r\nContent-Length: 6", "5", Rejection.DuplicateContentLength)]
    [TestCase("5\r\nContent-Length: 5", "5", Rejection.DuplicateContentLength)]
    public void A57_A58_B66_An_invalid_or_repeated_length_is_refused(string value, string twin, Rejection rejection) =>
        RefusedUnlike($"Content-Length: {twin}", $"Content-Length: {value}", rejection);

    [Test]
    public void A59_Both_framings_together_are_refused() => RefusedUnlike(
        "Transfer-Encoding: chunked",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        Rejection.TransferEncodingWithContentLength);

    [TestCase("gzip", Rejection.InvalidTransferEncoding)]
    [TestCase("chunked, gzip", Rejection.InvalidTransferEncoding)]
    [TestCase("chunked, chunked", Rejection.InvalidTransferEncoding)]
    [TestCase("chunked\r\nTransfer-Encoding: chunked", Rejection.DuplicateTransferEncoding)]
    public void A60_B64_Any_coding_but_chunked_is_refused(string value, Rejection rejection) =>
        RefusedUnlike("Transfer-Encoding: chunked", $"Transfer-Encoding: {value}", rejection);

    [Test]
    public void A61_Transfer_Encoding_in_HTTP_1_0_is_refused() => ParsedResponse.RefusedUnlike(
        Wire.Response("Transfer-Encoding: chunked"),
        Wire.Response("Transfer-Encoding: chunked", "HTTP/1.0 200 OK"),
        Rejection.TransferEncodingInHttp10);

    [TestCase("X: a\rb", "X: ab", Rejection.BareCr)]
    [TestCase("X: a\nb: c", "X: a\r\nb: c", Rejection.BareLf)]
    [TestCase("X: a\0", "X: a", Rejection.InvalidFieldValue)]
    [TestCase("X: a\u0007", "X: a", Rejection.InvalidFieldValue)]
    [TestCase("X(: a", "X: a", Rejection.InvalidFieldName)]
    [TestCase("NoColon", "NoColon:", Rejection.MissingColon)]
    [TestCase(": a", "X: a", Rejection.EmptyFieldName)]
    [TestCase("X : a", "X: a", Rejection.WhitespaceBeforeColon)]
    [TestCase("X: a\r\n b", "X: a\r\nb:", Rejection.LeadingWhitespace)]
    [TestCase(" X: a", "X: a", Rejection.LeadingWhitespace)]
    [TestCase("Connection: a b", "Connection: a, b", Rejection.InvalidConnection)]
    public void A62_A63_A64_B35_B38_A_malformed_field_is_refused(string lines, string twin, Rejection rejection) =>
        RefusedUnlike(twin, lines, rejection);

    [TestCase("HTTP/2.0 200 OK")]
    [TestCase("HTTP/1.10 200 OK")]
    [TestCase("http/1.1 200 OK")]
    [TestCase("HTTP/1.1  200 OK")]
    [TestCase("HTTP/1.1 20 OK")]
    [TestCase("HTTP/1.1 2000 OK")]
    [TestCase("HTTP/1.1 099 OK")]
    [TestCase("HTTP/1.1 2x0 OK")]
    [TestCase("HTTP/1.1 -200 OK")]
    [TestCase("HTTP/1.1 200\tOK")]
    [TestCase("HTTP/1.1 200 O\0K")]
    [TestCase("HTTP/1.1\t200 OK")]
    [TestCase(" HTTP/1.1 200 OK")]
    [TestCase("\r\nHTTP/1.1 200 OK")]
    [TestCase("ICY 200 OK")]
    [TestCase("<html>")]
    public void A62_A_malformed_status_line_is_refused(string start)
    {
        ParsedResponse.RefusedUnlike(Wire.Response(), Wire.Response("", start), Rejection.InvalidStatusLine);
        Assert.That(Rejection.InvalidStatusLine.StatusCode(), Is.EqualTo(502));
    }

    [TestCase("HTTP/1.1 200 O\rK", Rejection.BareCr)]
    [TestCase("HTTP/1.1 200 O\nK", Rejection.BareLf)]
    [TestCase("HTTP/1.1 200\n", Rejection.BareLf)]
    public void A62_A_status_line_that_does_not_end_in_CRLF_is_refused(string start, Rejection rejection) =>
        ParsedResponse.RefusedUnlike(Wire.Response(), Wire.Response("", start), rejection);

    [TestCase("HTTP/1.1 299 Odd", 299, "Odd")]
    [TestCase("HTTP/1.1 599 ", 599, "")]
    [TestCase("HTTP/1.1 799", 799, "")]
    [TestCase("HTTP/1.1 999 \u00fcber  \t!", 999, "\u00fcber  \t!")]
    [TestCase("HTTP/1.0 100 Continue", 100, "Continue")]
    [TestCase("HTTP/1.7 200 OK", 200, "OK")]
    public void B131_B132_Any_three_digits_and_any_reason_are_taken(string start, int status, string reason)
    {
        ParsedResponse response = ParsedResponse.Served(Wire.Response("", start));
        Assert.That((response.Head.Status, response.Text(response.Head.Reason)), Is.EqualTo((status, reason)));
        Assert.That(response.Head.IsHttp10, Is.EqualTo(start.StartsWith("HTTP/1.0", StringComparison.Ordinal)));
    }

    [TestCase(200, RequestMethod.Get, "Content-Length: 5", BodyFraming.Length, 5, true)]
    [TestCase(200, RequestMethod.Get, "Content-Length: 005", BodyFraming.Length, 5, true)]
    [TestCase(200, RequestMethod.Get, "Transfer-Encoding: Chunked", BodyFraming.Chunked, -1, true)]
    [TestCase(200, RequestMethod.Get, "", BodyFraming.UntilClose, -1, false)]
    [TestCase(200, RequestMethod.Head, "Content-Length: 5", BodyFraming.None, 5, true)]
    [TestCase(200, RequestMethod.Head, "Transfer-Encoding: chunked", BodyFraming.None, -1, true)]
    [TestCase(200, RequestMethod.Head, "", BodyFraming.None, -1, true)]
    [TestCase(304, RequestMethod.Get, "Content-Length: 5", BodyFraming.None, 5, true)]
    [TestCase(304, RequestMethod.Get, "", BodyFraming.None, -1, true)]
    [TestCase(204, RequestMethod.Get, "", BodyFraming.None, -1, true)]
    [TestCase(204, RequestMethod.Get, "Content-Length: 0", BodyFraming.None, 0, true)]
    [TestCase(204, RequestMethod.Get, "Content-Length: 5", BodyFraming.None, 5, false)]
    [TestCase(204, RequestMethod.Get, "Transfer-Encoding: chunked", BodyFraming.None, -1, false)]
    [TestCase(103, RequestMethod.Get, "", BodyFraming.None, -1, true)]
    [TestCase(103, RequestMethod.Get, "Transfer-Encoding: chunked", BodyFraming.None, -1, false)]
    [TestCase(205, RequestMethod.Get, "Content-Length: 0", BodyFraming.Length, 0, true)]
    [TestCase(205, RequestMethod.Get, "Content-Length: 5", BodyFraming.Length, 0, false)]
    [TestCase(205, RequestMethod.Get, "Transfer-Encoding: chunked", BodyFraming.Length, 0, false)]
    [TestCase(205, RequestMethod.Get, "", BodyFraming.Length, 0, false)]
    [TestCase(404, RequestMethod.Post, "Content-Length: 0", BodyFraming.Length, 0, true)]
    public void A66_A70_B62_B70_Framing_follows_status_and_method(
        int status, RequestMethod method, string lines, BodyFraming framing, long length, bool keepAlive)
    {
        ResponseHead head = ParsedResponse.Served(Wire.Response(lines, $"HTTP/1.1 {status} x"), method).Head;
        Assert.That((head.Framing, head.ContentLength, head.KeepAlive), Is.EqualTo((framing, length, keepAlive)));
    }

    [TestCase("HTTP/1.1", "", true)]
    [TestCase("HTTP/1.1", "Connection: close", false)]
    [TestCase("HTTP/1.1", "Connection: x\r\nConnection: ,Close", false)]
    [TestCase("HTTP/1.0", "", false)]
    [TestCase("HTTP/1.0", "Connection: keep-alive", true)]
    public void B103_The_node_says_whether_its_connection_persists(string version, string lines, bool keepAlive) =>
        Assert.That(
        ParsedResponse.Served(Wire.Response(
            "Content-Length: 0" + (lines.Length > 0 ? "\r\n" + lines : ""), $"{version} 200 OK")).Head.KeepAlive,
        Is.EqualTo(keepAlive));

    [TestCase("", -1)]
    [TestCase("Keep-Alive: timeout=5", 5)]
    [TestCase("Keep-Alive: max=100, TIMEOUT=120", 120)]
    [TestCase("Keep-Alive: timeout=99999999999999999999", int.MaxValue)]
    [TestCase("Keep-Alive: timeout=", -1)]
    [TestCase("Keep-Alive: timeout=-5", -1)]
    [TestCase("Keep-Alive: timeout=5s", -1)]
    [TestCase("Keep-Alive: timeout", -1)]
    public void The_nodes_idle_timeout_is_read(string lines, int seconds) =>
        Assert.That(ParsedResponse.Served(Wire.Response(lines)).Head.KeepAliveTimeoutSeconds, Is.EqualTo(seconds));

    [Test]
    public void Wait_retry_and_date_are_read_and_then_forgotten()
    {
        string lines = "xxx-fxlb-wait: 502.0941ms\r\nRetry-After: 15\r\nDate: x\r\nKeep-Alive: timeout=1";
        ParsedResponse response = ParsedResponse.Served(Wire.Response(lines, "HTTP/1.1 503 Busy"));
        Assert.That(response.Text(response.Head.Wait), Is.EqualTo("502.0941ms"));
        Assert.That(response.Text(response.Head.RetryAfter), Is.EqualTo("15"));
        Assert.That(response.Head.HasDate);
        byte[] next = Wire.Bytes(Wire.Response());
        Assert.That(
            ResponseHeadParser.TryParse(next, Wire.Limits, RequestMethod.Get, response.Head, out _),
            Is.EqualTo(ParseStatus.Complete));
        Assert.That(
            (response.Head.Wait.IsEmpty, response.Head.RetryAfter.IsEmpty, response.Head.HasDate),
            Is.EqualTo((true, true, false)));
        Assert.That(response.Head.KeepAliveTimeoutSeconds, Is.EqualTo(-1));
    }

    [TestCase("HTTP/1.1 101 x", "Upgrade: websocket\r\nConnection: Upgrade", true)]
    [TestCase("HTTP/1.1 101 x", "Upgrade: websocket", false)]
    [TestCase("HTTP/1.1 101 x", "Upgrade:\r\nConnection: Upgrade", false)]
    [TestCase("HTTP/1.1 101 x", "Connection: Upgrade", false)]
    [TestCase("HTTP/1.0 101 x", "Upgrade: websocket\r\nConnection: Upgrade", false)]
    [TestCase("HTTP/1.1 200 x", "Upgrade: websocket\r\nConnection: Upgrade", false)]
    public void A68_B119_A_101_accepts_only_with_both_fields(string start, string lines, bool accepts) =>
        Assert.That(ParsedResponse.Served(Wire.Response(lines, start)).Head.AcceptsUpgrade, Is.EqualTo(accepts));

    private static void RefusedUnlike(string twin, string lines, Rejection rejection) =>
        ParsedResponse.RefusedUnlike(Wire.Response(twin), Wire.Response(lines), rejection);
}
