using System.Globalization;
using System.Text;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>Content-Length and Transfer-Encoding of requests: RFC 9112 section 6.</summary>
public sealed class FramingFieldTests : ConformanceTest
{
    [TestCase("+1_0", "10")]
    [TestCase("+5", "5")]
    [TestCase("0x10", "10")]
    [TestCase("1Z", "1")]
    [TestCase("-48", "48")]
    [TestCase("-0", "0")]
    [TestCase("1.0", "10")]
    [TestCase("1 0", "10")]
    [TestCase("1e3", "13")]
    [TestCase("0o5", "05")]
    [TestCase("\"5\"", "5")]
    [TestCase("5;x", "5")]
    public Task A30_B65_B73_A_length_that_is_not_decimal_digits_is_refused(string value, string twin) =>
        RefusedLength($"Content-Length: {value}", int.Parse(twin, CultureInfo.InvariantCulture));

    [TestCase("Content-Length:")]
    [TestCase("Content-Length: \t ")]
    public Task A31_An_empty_length_is_refused(string lines) => RefusedLength(lines, 5);

    [TestCase("Content-Length:\r\nContent-Length: 5")]
    [TestCase("Content-Length: 5\r\nContent-Length:")]
    public Task A32_An_empty_length_beside_a_real_one_is_refused(string lines) => RefusedLength(lines, 5);

    [TestCase("Content-Length: 5\r\nContent-Length: 6")]
    [TestCase("Content-Length: 6\r\nContent-Length: 5")]
    [TestCase("Content-Length: 5\r\nX: y\r\ncontent-length: 0")]
    [TestCase("Content-Length: 5, 6")]
    [TestCase("Content-Length: 6,5")]
    public Task A33_Two_lengths_that_differ_are_refused(string lines) => RefusedLength(lines, 5);

    [TestCase("Content-Length: 5\r\nContent-Length: 5")]
    [TestCase("Content-Length: 5, 5")]
    [TestCase("Content-Length: 5,")]
    [TestCase("Content-Length: ,5")]
    public Task A34_B67_Two_lengths_are_refused_even_when_equal(string lines) => RefusedLength(lines, 5);

    [TestCase("010", 10)]
    [TestCase("00", 0)]
    [TestCase("005", 5)]
    [TestCase("0000000000000000000000000000000000000005", 5)]
    public async Task A35_B73_Leading_zeros_are_decimal_and_end_here(string value, int length)
    {
        NodeCall call = await ServedAsync($"{Post}Content-Length: {value}\r\n\r\n{new string('x', length)}");
        Assert.That(call.Head.Value("Content-Length"), Is.EqualTo($"{length}"));
    }

    [TestCase("9223372036854775808")]
    [TestCase("18446744073709551621")]
    [TestCase("99999999999999999999")]
    [TestCase("4294967296000000000000000000000000000005")]
    public Task A36_B74_A_length_beyond_63_bits_is_refused(string value) => RefusedLength($"Content-Length: {value}",
        5);

    [TestCase("GET")]
    [TestCase("HEAD")]
    [TestCase("DELETE")]
    [TestCase("OPTIONS")]
    [TestCase("TRACE")]
    [TestCase("FOOBAR")]
    public async Task A37_B69_B85_The_body_of_any_method_is_framed_and_forwarded(string method)
    {
        const string Body = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
        RawClient client = await ConnectAsync();
        await client.SendAsync(
            $"{method} /1 HTTP/1.1\r\n{Host}Content-Length: {Body.Length}\r\n\r\n{Body}"
            + $"{method} /2 HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n"
            + $"POST /3 HTTP/1.1\r\n{Host}\r\nGET /4 HTTP/1.1\r\n{Host}\r\n");

        WireResponse[] answers =
        [
            await client.ReadAnswerAsync(method), await client.ReadAnswerAsync(method), await client.ReadAnswerAsync(),
            await client.ReadAnswerAsync(),
        ];

        Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(200));
        NodeCall[] calls = [.. Calls.TakeLast(4)];
        Assert.That(string.Join(' ', calls.Select(call => call.Target)), Is.EqualTo("/1 /2 /3 /4"));
        Assert.That(Encoding.Latin1.GetString(await calls[0].ReadBodyAsync()), Is.EqualTo(Body));
        Assert.That(Encoding.Latin1.GetString(await calls[1].ReadBodyAsync()), Is.EqualTo(Body));
        Assert.That(await calls[2].ReadBodyAsync(), Is.Empty);
    }

    [TestCase("Transfer-Encoding: chunked\r\nContent-Length: 5")]
    [TestCase("Content-Length: 5\r\nTransfer-Encoding: chunked")]
    [TestCase("content-length: 0\r\nX: y\r\nTRANSFER-ENCODING: CHUNKED")]
    public async Task A38_B58_B59_B61_Both_framings_together_are_refused_with_a_close(string lines)
    {
        await RefusedChunked(lines);

        // What follows such a message is never looked at.
        await RefusedAsync($"{Post}{lines}\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n{Host}\r\n");
    }

    [TestCase(",chunked")]
    [TestCase("chunked,")]
    [TestCase(", chunked")]
    [TestCase("\t,chunked,,")]
    public Task A39_B49_Empty_members_beside_chunked_are_refused(string value) =>
        RefusedChunked($"Transfer-Encoding: {value}");

    [TestCase("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")]
    [TestCase("Transfer-Encoding: chunked, chunked")]
    public Task A40_B53_Chunked_twice_is_refused(string lines) => RefusedChunked(lines);

    [TestCase("blegh")]
    [TestCase("identity")]
    [TestCase("gzip")]
    [TestCase("chunked, gzip")]
    [TestCase("gzip, chunked")]
    [TestCase("xchunked")]
    [TestCase("chunkedx")]
    [TestCase("")]
    public Task A41_B54_B63_Any_coding_but_chunked_is_refused(string value) =>
        RefusedChunked($"Transfer-Encoding: {value}");

    [TestCase("\u00a0chunked\u00a0")]
    [TestCase("chunked\v")]
    [TestCase("\fchunked")]
    [TestCase("chunked\0")]
    [TestCase("\"chunked\"")]
    [TestCase("chunked;x=1")]
    [TestCase("chunked;a=b")]
    public Task A42_B78_A_decorated_coding_is_refused(string value) => RefusedChunked($"Transfer-Encoding: {value}");

    [Test]
    public async Task A43_B60_Transfer_Encoding_in_HTTP_1_0_is_refused() => await RefusedUnlikeAsync(
        $"{Post}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        $"POST / HTTP/1.0\r\n{Host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");

    [TestCase("Chunked")]
    [TestCase("CHUNKED")]
    [TestCase("\tchunked \t")]
    public async Task B76_The_coding_is_case_insensitive(string value)
    {
        NodeCall call = await ServedAsync($"{Post}Transfer-Encoding: {value}\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        Assert.That(call.Head.Value("Transfer-Encoding"), Is.EqualTo("chunked"));
    }

    private async Task RefusedLength(string lines, int twin) => await RefusedUnlikeAsync(
        $"{Post}Content-Length: {twin}\r\n\r\n{new string('x', twin)}", $"{Post}{lines}\r\n\r\nhello");

    private async Task RefusedChunked(string lines)
    {
        const string Body = "5\r\nhello\r\n0\r\n\r\n";
        await RefusedUnlikeAsync($"{Post}Transfer-Encoding: chunked\r\n\r\n{Body}", $"{Post}{lines}\r\n\r\n{Body}");
    }
}
