using System.Text;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>Chunked bodies of requests: RFC 9112 section 7.1. What reaches the node is chunked anew.</summary>
public sealed class ChunkTests : ConformanceTest
{
    private const string End = "0\r\n\r\n";

    [TestCase("0x5")]
    [TestCase("+5")]
    [TestCase("-5")]
    [TestCase("0_5")]
    [TestCase("5x")]
    [TestCase("5xyz")]
    [TestCase(" 5")]
    [TestCase("5 ")]
    [TestCase("5\t")]
    [TestCase("5\0")]
    [TestCase("\u00b5")]
    [TestCase("\"5\"")]
    public Task A44_B79_A_size_that_is_not_hexadecimal_digits_is_refused(string size) => RefusedSize(size, "5");

    [TestCase("-0x0\r\n\r\n")]
    [TestCase("0_0\r\n\r\n")]
    [TestCase("0x0\r\n\r\n")]
    [TestCase("+0\r\n\r\n")]
    public Task A44_A_last_chunk_that_is_not_zero_is_refused(string body) => Refused(body, "0\r\n\r\n");

    [TestCase("\r\n5\r\nhello\r\n" + End)]
    [TestCase("5\r\nhello\r\n\r\n" + End)]
    [TestCase(";x=y\r\n" + End)]
    public Task A45_An_empty_size_line_is_refused(string body) => Refused(body, "5\r\nhello\r\n" + End);

    [TestCase("FFFFFFFFFFFFFFFF0")]
    [TestCase("8000000000000000")]
    [TestCase("10000000000000005")]
    [TestCase("FFFFFFFFFFFFFFFF")]
    public Task A46_B77_A_size_beyond_63_bits_is_refused(string size) => RefusedSize(size, "5");

    [Test]
    public Task B77_Leading_zeros_change_nothing() => Served(new string('0', 100) + "5\r\nhello\r\n" + End, "hello");

    [TestCase("5\r\r;a", "5;a")]
    [TestCase("5;a\r=b", "5;a=b")]
    [TestCase("5;a=b\r\rX", "5;a=bX")]
    [TestCase("5\r", "5")]
    public Task A47_B3_A_CR_within_a_size_line_is_refused(string size, string twin) => RefusedSize(size, twin);

    [Test]
    public Task A47_A_size_line_that_ends_in_CR_alone_is_refused() =>
        Refused("5\rhello\r\n" + End, "5\r\nhello\r\n" + End);

    [TestCase("5\nhello\r\n0\r\n\r\n")]
    [TestCase("5\r\nhello\n0\r\n\r\n")]
    [TestCase("5\r\nhello\r\n0\n\r\n")]
    [TestCase("5\r\nhello\r\n0\r\n\n")]
    [TestCase("5\r\nhello\r\n0\r\nX: y\n\r\n")]
    [TestCase("5;a=b\nhello\r\n0\r\n\r\n")]
    public Task A48_B79_A_lone_LF_is_refused(string body) => Refused(body, body.ReplaceLineEndings("\r\n"));

    [TestCase("5\r\nhelloXX" + End)]
    [TestCase("5\r\nhello" + End)]
    [TestCase("4\r\nhello\r\n" + End)]
    [TestCase("6\r\nhello\r\n" + End)]
    [TestCase("5\r\nhello\rX" + End)]
    [TestCase("5\r\nhello\r\r\n" + End)]
    public Task A49_Data_without_CRLF_after_it_is_refused(string body) => Refused(body, "5\r\nhello\r\n" + End);

    [TestCase("5;", "5;a")]
    [TestCase("5;a=", "5;a=b")]
    [TestCase("5;a\0", "5;a")]
    [TestCase("5;a\u0001=b", "5;a=b")]
    [TestCase("5;bad[=x", "5;bad=x")]
    [TestCase("5;a=\"b", "5;a=\"b\"")]
    [TestCase("5;a=b\"", "5;a=\"b\"")]
    [TestCase("5;a=\"\0\"", "5;a=\"0\"")]
    [TestCase("5;;a", "5;a;a")]
    [TestCase("5;a=b=c", "5;a=b;c")]
    public Task A50_A_malformed_extension_is_refused(string size, string twin) => RefusedSize(size, twin);

    [TestCase("5;foo=bar")]
    [TestCase("5;foo")]
    [TestCase("5 ; foo = \"b;a\\\"r\" ; baz")]
    public Task A51_B80_An_unknown_extension_is_served_and_dropped(string size) =>
        Served($"{size}\r\nhello\r\n0;last=1\r\n\r\n", "hello");

    [Test]
    public async Task A51_B81_Extensions_are_bounded_by_line_and_by_body([Values] bool isHeadFirst)
    {
        string small = "1;a=" + new string('b', 100) + "\r\nx\r\n";
        await ChunksRefusedAsync("5;a=" + new string('b', 64 * 1024) + "\r\nhello\r\n" + End, isHeadFirst);
        await ChunksRefusedAsync(string.Concat(Enumerable.Repeat(small, 1000)) + End, isHeadFirst);
        await Served(string.Concat(Enumerable.Repeat(small, 100)) + End, new string('x', 100));
    }

    [Test]
    public async Task A52_B82_B84_Trailers_reach_the_node_as_trailers()
    {
        NodeCall call = await ServedAsync(
            $"{Post}Transfer-Encoding: chunked\r\nTrailer: X, Y\r\n\r\n5\r\nhello\r\n"
            + "0\r\nX:POST / HTTP/1.1\r\nY: \u00e4\r\n\r\n");

        Assert.That(Encoding.Latin1.GetString(await call.ReadBodyAsync()), Is.EqualTo("hello"));
        Assert.That(
            call.Trailers.Select(field => $"{field.Name}: {field.Value}"),
            Is.EqualTo((string[])["X: POST / HTTP/1.1", "Y: \u00e4"]));
        Assert.That(call.Head.Value("Trailer"), Is.EqualTo("X, Y"));
        Assert.That(call.Head.Has("X"), Is.False);
    }

    [TestCase("Content-Length: 5")]
    [TestCase("Transfer-Encoding: chunked")]
    [TestCase("Host: b")]
    [TestCase("Authorization: Basic eDp5")]
    [TestCase("Content-Type: text/html")]
    [TestCase("Connection: close")]
    [TestCase("X-Forwarded-For: 10.0.0.1")]
    [TestCase("Cookie: a=b")]
    public async Task A53_B82_A_trailer_that_frames_routes_or_authenticates_is_dropped(string line)
    {
        NodeCall call = await ServedAsync(
            $"{Post}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n{line}\r\nX-Ok: y\r\n\r\n");

        await call.ReadBodyAsync();
        Assert.That(call.Trailers.Select(field => field.Name), Is.EqualTo((string[])["X-Ok"]));
        Assert.That(call.Head.Value("Host"), Is.EqualTo("a"));
    }

    [TestCase("bad trailer\r\n")]
    [TestCase("X : y\r\n")]
    [TestCase(" X: y\r\n")]
    [TestCase("X: a\0b\r\n")]
    [TestCase(": y\r\n")]
    public Task A53_A_malformed_trailer_is_refused(string line) =>
        Refused($"5\r\nhello\r\n0\r\n{line}\r\n", "5\r\nhello\r\n0\r\nX: y\r\n\r\n");

    [Test]
    public async Task A54_What_follows_the_last_chunk_is_the_next_request()
    {
        RawClient client = await ConnectAsync();
        await client.SendAsync(
            $"POST /1 HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n{End}GET /2 HTTP/1.1\r\n"
                + $"{Host}\r\n");

        string first = (await client.ReadAnswerAsync()).Text;
        string second = (await client.ReadAnswerAsync()).Text;

        Assert.That((first, second), Is.EqualTo(("/1\nhello", "/2\n")));
    }

    [Test]
    public async Task A54_Bytes_after_the_last_chunk_that_are_no_request_are_refused_after_the_first_answer()
    {
        RawClient client = await ConnectAsync();
        await client.SendAsync(
            $"POST /1 HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n{End}X\r\n\r\n");

        Assert.That((await client.ReadAnswerAsync()).Text, Is.EqualTo("/1\nhello"));
        await ReadRefusalAsync(client, 400, "X");
    }

    [Test]
    public async Task A56_B52_A_chunked_POST_is_served_whatever_its_segments()
    {
        RawClient client = await ConnectAsync();
        string request = $"{Post}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n,\r\n0006\r\n world\r\n{End}";
        foreach (char c in request)
        {
            await client.SendAsync($"{c}");
        }

        Assert.That((await client.ReadAnswerAsync()).Text, Is.EqualTo("/\nhello, world"));
        Assert.That((await client.CallAsync(request)).Text, Is.EqualTo("/\nhello, world"));
    }

    private async Task RefusedSize(string size, string twin) =>
        await Refused($"{size}\r\nhello\r\n{End}", $"{twin}\r\nhello\r\n{End}");

    private async Task Refused(string body, string twin)
    {
        await ChunksRefusedAsync(body, isHeadFirst: false);
        await ChunksRefusedAsync(body, isHeadFirst: true);
        await ServedAsync($"{Post}Transfer-Encoding: chunked\r\n\r\n{twin}");
    }

    // The node reads chunks strictly, without extensions.
    private async Task Served(string body, string content)
    {
        NodeCall call = await ServedAsync($"{Post}Transfer-Encoding: chunked\r\n\r\n{body}");
        Assert.That(Encoding.Latin1.GetString(await call.ReadBodyAsync()), Is.EqualTo(content));
    }
}
