using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>HTTP.md part A, rows 30 to 43 and 55.</summary>
public sealed class RequestFramingTests
{
    [TestCase("+1_0", "10")]
    [TestCase("+10", "10")]
    [TestCase("1_0", "10")]
    [TestCase("0x10", "010")]
    [TestCase("1Z", "1")]
    [TestCase("-48", "48")]
    [TestCase("-0", "0")]
    [TestCase("1.0", "10")]
    [TestCase("1 0", "10")]
    [TestCase("1\t0", "10")]
    [TestCase("1e3", "13")]
    [TestCase("0o5", "05")]
    [TestCase("\"5\"", "5")]
    [TestCase("5;", "5")]
    [TestCase("\u00b25", "25")]
    [TestCase("5\u00a0", "5")]
    public void A30_B65_A_length_that_is_not_decimal_digits_is_refused(string value, string twin) =>
        RefusedUnlike($"Content-Length: {twin}", $"Content-Length: {value}", Rejection.InvalidContentLength);

    [TestCase("Content-Length:")]
    [TestCase("Content-Length: \t ")]
    [TestCase("Content-Length:\r\nContent-Length: 5")]
    public void A31_A32_An_empty_length_is_refused(string lines) =>
        RefusedUnlike("Content-Length: 5", lines, Rejection.InvalidContentLength);

    [TestCase("5\r\nContent-Length: 6", Rejection.DuplicateContentLength)]
    [TestCase("6\r\nContent-Length: 5", Rejection.DuplicateContentLength)]
    [TestCase("5\r\nContent-Length: 5", Rejection.DuplicateContentLength)]
    [TestCase("0\r\nContent-Length: 0", Rejection.DuplicateContentLength)]
    [TestCase("0\r\nContent-Length: 5", Rejection.DuplicateContentLength)]
    [TestCase("5\r\ncontent-length:", Rejection.DuplicateContentLength)]
    [TestCase("5, 6", Rejection.InvalidContentLength)]
    [TestCase("6,5", Rejection.InvalidContentLength)]
    [TestCase("5, 5", Rejection.InvalidContentLength)]
    [TestCase("5,", Rejection.InvalidContentLength)]
    [TestCase(",5", Rejection.InvalidContentLength)]
    public void A33_A34_B67_More_than_one_length_is_refused_even_when_equal(string value, Rejection rejection) =>
        RefusedUnlike("Content-Length: 5", $"Content-Length: {value}", rejection);

    [TestCase("010", 10)]
    [TestCase("00", 0)]
    [TestCase("000000000000000000000000000000000000000005", 5)]
    public void A35_B73_Leading_zeros_are_decimal_and_go_no_further(string value, long length)
    {
        ParsedRequest request = ParsedRequest.Served(Wire.Request($"Content-Length: {value}"));
        Assert.That((request.Head.Framing, request.Head.ContentLength), Is.EqualTo((BodyFraming.Length, length)));
        Assert.That(request.Forwarded(), Does.Contain($"\r\nContent-Length: {length}\r\n").And.Not.Contain(value));
    }

    [TestCase("9223372036854775808")]
    [TestCase("18446744073709551621")]
    [TestCase("99999999999999999999")]
    [TestCase("1000000000000000000000000000000000000000")]
    public void A36_B74_A_length_beyond_63_bits_is_refused(string value) =>
        RefusedUnlike(
            "Content-Length: 9223372036854775807", $"Content-Length: {value}", Rejection.ContentLengthTooLarge);

    [TestCase("GET")]
    [TestCase("HEAD")]
    [TestCase("DELETE")]
    [TestCase("OPTIONS")]
    [TestCase("TRACE")]
    [TestCase("FOOBAR")]
    public void A37_B85_Framing_does_not_depend_on_the_method(string method)
    {
        ParsedRequest sized = ParsedRequest.Served(Wire.Request("Content-Length: 7", $"{method} / HTTP/1.1"));
        Assert.That((sized.Head.Framing, sized.Head.ContentLength), Is.EqualTo((BodyFraming.Length, 7L)));
        Assert.That(sized.Forwarded(), Does.Contain("\r\nContent-Length: 7\r\n"));
        ParsedRequest chunked =
            ParsedRequest.Served(Wire.Request("Transfer-Encoding: chunked", $"{method} / HTTP/1.1"));
        Assert.That(chunked.Head.Framing, Is.EqualTo(BodyFraming.Chunked));
        Assert.That(chunked.Forwarded(), Does.Contain("\r\nTransfer-Encoding: chunked\r\n"));
    }

    [TestCase("Transfer-Encoding: chunked\r\nContent-Length: 5")]
    [TestCase("Content-Length: 5\r\nTransfer-Encoding: chunked")]
    [TestCase("content-length: 0\r\nTRANSFER-ENCODING: CHUNKED")]
    public void A38_B58_Both_framings_together_are_refused(string lines)
    {
        RefusedUnlike("Transfer-Encoding: chunked", lines, Rejection.TransferEncodingWithContentLength);
        ParsedRequest.Served(Wire.Request("Content-Length: 5"));
    }

    [TestCase(",chunked")]
    [TestCase("chunked,")]
    [TestCase(", chunked")]
    [TestCase("chunked, chunked")]
    [TestCase("blegh")]
    [TestCase("identity")]
    [TestCase("gzip")]
    [TestCase("chunked, gzip")]
    [TestCase("gzip, chunked")]
    [TestCase("xchunked")]
    [TestCase("chunkedx")]
    [TestCase("\u00a0chunked\u00a0")]
    [TestCase("\"chunked\"")]
    [TestCase("chunked;x=1")]
    [TestCase("")]
    public void A39_A40_A41_A42_B54_B63_B78_Any_coding_but_chunked_is_refused(string value)
    {
        RefusedUnlike("Transfer-Encoding: chunked", $"Transfer-Encoding: {value}", Rejection.InvalidTransferEncoding);
        Assert.That(Rejection.InvalidTransferEncoding.StatusCode(), Is.EqualTo(400));
    }

    [TestCase("chunked\v")]
    [TestCase("\fchunked")]
    [TestCase("chunked\0")]
    public void A42_A_control_character_beside_the_coding_is_refused(string value) =>
        RefusedUnlike("Transfer-Encoding: chunked", $"Transfer-Encoding: {value}", Rejection.InvalidFieldValue);

    [Test]
    public void A40_B53_Two_lines_of_chunked_are_refused() => RefusedUnlike(
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        Rejection.DuplicateTransferEncoding);

    [TestCase("chunked")]
    [TestCase("Chunked")]
    [TestCase("CHUNKED")]
    [TestCase("\tchunked \t")]
    public void B76_The_coding_is_case_insensitive(string value)
    {
        ParsedRequest request = ParsedRequest.Served(Wire.Request($"Transfer-Encoding: {value}"));
        Assert.That(request.Head.Framing, Is.EqualTo(BodyFraming.Chunked));
        Assert.That(request.Forwarded(), Does.Contain("\r\nTransfer-Encoding: chunked\r\n"));
    }

    [Test]
    public void A43_B60_Transfer_Encoding_in_HTTP_1_0_is_refused() => ParsedRequest.RefusedUnlike(
        Wire.Request("Transfer-Encoding: chunked", "POST / HTTP/1.1"),
        Wire.Request("Transfer-Encoding: chunked", "POST / HTTP/1.0"),
        Rejection.TransferEncodingInHttp10);

    [Test]
    public void B69_A_request_without_framing_fields_has_no_body()
    {
        ParsedRequest request = ParsedRequest.Served(Wire.Request());
        Assert.That((request.Head.Framing, request.Head.ContentLength), Is.EqualTo((BodyFraming.None, 0L)));
        Assert.That(request.Forwarded(), Does.Not.Contain("Content-Length").And.Not.Contain("Transfer-Encoding"));
    }

    [Test]
    public void A55_A_body_that_looks_like_a_request_stays_a_body()
    {
        string inner = Wire.Request("", "GET /smuggled HTTP/1.1");
        string first = Wire.Request("Content-Length: 0");
        string second = Wire.Request($"Content-Length: {inner.Length}");
        byte[] wire = Wire.Bytes(first + second + inner + Wire.Request("", "GET /last HTTP/1.1"));
        RequestHead head = new(Wire.Limits);
        List<string> paths = [];
        for (int index = 0; index < wire.Length; index += head.Length + (int)head.ContentLength)
        {
            Assert.That(
                RequestHeadParser.TryParse(wire.AsSpan(index), Wire.Limits, head, out _),
                Is.EqualTo(ParseStatus.Complete));
            paths.Add(Wire.Text(head.Path.Of(wire.AsSpan(index))));
        }

        Assert.That(string.Join(" ", paths), Is.EqualTo("/r/app/route /r/app/route /last"));
    }

    private static void RefusedUnlike(string twin, string lines, Rejection rejection) =>
        ParsedRequest.RefusedUnlike(Wire.Request(twin), Wire.Request(lines), rejection);
}
