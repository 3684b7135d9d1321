using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>RFC 9112 section 3: one method, one target, one version, one space between them.</summary>
public sealed class RequestLineTests : ConformanceTest
{
    [TestCase("G=\":<>(e),[T];?\" / HTTP/1.1", "G / HTTP/1.1")]
    [TestCase("\0 / HTTP/1.1", "0 / HTTP/1.1")]
    [TestCase(" / HTTP/1.1", "x / HTTP/1.1")]
    [TestCase("GE\u00c9T / HTTP/1.1", "GEET / HTTP/1.1")]
    [TestCase("GET: / HTTP/1.1", "GET! / HTTP/1.1")]
    public Task A1_B16_B17_A_method_that_is_no_token_is_refused(string line, string twin) => RefusedLine(line, twin);

    [TestCase("GET ! HTTP/1.1", "GET /! HTTP/1.1")]
    [TestCase("GET ? HTTP/1.1", "GET /? HTTP/1.1")]
    [TestCase("GET admin HTTP/1.1", "GET /admin HTTP/1.1")]
    [TestCase("GET %2F HTTP/1.1", "GET /%2F HTTP/1.1")]
    [TestCase("GET a:80 HTTP/1.1", "GET /a:80 HTTP/1.1")]
    [TestCase("GET * HTTP/1.1", "OPTIONS * HTTP/1.1")]
    [TestCase("GET ftp://a/ HTTP/1.1", "GET http://a/ HTTP/1.1")]
    public Task A2_B26_B27_A_target_of_no_known_form_is_refused(string line, string twin) => RefusedLine(line, twin);

    [TestCase("GET /\nHTTP/1.1")]
    [TestCase("GET\n/ HTTP/1.1")]
    [TestCase("GET /\rHTTP/1.1")]
    [TestCase("GET /\vHTTP/1.1")]
    [TestCase("GET\v/ HTTP/1.1")]
    [TestCase("GET /\fHTTP/1.1")]
    [TestCase("GET /\tHTTP/1.1")]
    [TestCase("GET\t/ HTTP/1.1")]
    [TestCase("GET /  HTTP/1.1")]
    public Task A3_B12_Nothing_but_one_space_separates_the_parts(string line) => RefusedLine(line, "GET / HTTP/1.1");

    [Test]
    public async Task A4_A_byte_that_a_URI_cannot_have_is_refused_and_its_encoding_passes()
    {
        IEnumerable<int> controls = [.. Enumerable.Range(0, 0x21), 0x7f];
        foreach (int value in controls.Concat([0x80, 0x85, 0xa0, 0xc3, 0xff, '\\']))
        {
            string encoded = $"/a%{value:x2}b";
            NodeCall twin = await RefusedUnlikeAsync(
                $"GET {encoded} HTTP/1.1\r\n{Host}\r\n", $"GET /a{(char)value}b HTTP/1.1\r\n{Host}\r\n");
            Assert.That(twin.Target, Is.EqualTo(encoded));
        }
    }

    [TestCase("GET /path#frag HTTP/1.1", "GET /path%23frag HTTP/1.1")]
    [TestCase("GET /# HTTP/1.1", "GET / HTTP/1.1")]
    [TestCase("GET http://user:pass@a/ HTTP/1.1", "GET http://a/user:pass HTTP/1.1")]
    [TestCase("GET http://@a/ HTTP/1.1", "GET http://a/@ HTTP/1.1")]
    [TestCase("GET http:///x HTTP/1.1", "GET http://a/x HTTP/1.1")]
    [TestCase("GET http://:80/x HTTP/1.1", "GET http://a:80/x HTTP/1.1")]
    public Task A5_B30_B31_A_fragment_userinfo_or_an_empty_host_is_refused(string line, string twin) =>
        RefusedLine(line, twin);

    [TestCase("HTTP/1.32")]
    [TestCase("HTTP/4294967295.255")]
    [TestCase("HTTP/01.1")]
    [TestCase("HTTP/1")]
    [TestCase("HTTP/1.")]
    [TestCase("HTTP/.1")]
    [TestCase("HTTP/1.10")]
    [TestCase("HTTP/ 1.1")]
    [TestCase("HTTP/-1.1")]
    public Task A6_B9_A_version_is_a_digit_a_dot_and_a_digit(string version) =>
        RefusedLine($"GET / {version}", "GET / HTTP/1.1");

    [TestCase("HTTP/2.0")]
    [TestCase("HTTP/9.9")]
    [TestCase("HTTP/0.9")]
    public Task A6_B11_A_well_formed_foreign_version_is_505(string version) =>
        RefusedLine($"GET / {version}", "GET / HTTP/1.1", 505);

    [TestCase("HTTP/\r\r1.1")]
    [TestCase("HTTP/1.1x")]
    [TestCase("http/1.1")]
    [TestCase("HTTP/1.1 ")]
    [TestCase("HTTP/1.1\t")]
    [TestCase("HTP/1.1")]
    [TestCase("HTTPS/1.1")]
    [TestCase("HTTP/1,1")]
    public Task A7_B9_Junk_in_place_of_the_version_is_refused(string version) =>
        RefusedLine($"GET / {version}", "GET / HTTP/1.1");

    [Test]
    public async Task A8_B8_B10_A_higher_minor_version_is_served_and_forwarded_as_1_1([Range(2, 9)] int minor) =>
        Assert.That(
            (await ServedAsync($"GET / HTTP/1.{minor}\r\n{Host}\r\n")).Head.StartLine, Is.EqualTo("GET / HTTP/1.1"));

    [Test]
    public async Task A9_A_request_of_HTTP_0_9_is_refused()
    {
        await RefusedAsync("GET /\r\n");
        await RefusedUnlikeAsync(Get + "\r\n", "GET /\r\n\r\n");
    }

    [Test]
    public async Task A10_B7_The_preface_of_HTTP_2_is_refused() =>
        await RefusedAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0", 505);

    [Test]
    public Task A11_A_doubled_space_is_refused() => RefusedLine("POST /  HTTP/1.1", "POST / HTTP/1.1");

    [TestCase(1)]
    [TestCase(2)]
    public async Task A12_B5_Empty_lines_before_a_request_are_skipped(int count)
    {
        string lines = string.Concat(Enumerable.Repeat("\r\n", count));
        RawClient client = await ConnectAsync();

        WireResponse first = await client.CallAsync($"{lines}GET /1 HTTP/1.1\r\n{Host}\r\n");
        await client.SendAsync($"{lines}GET /2 HTTP/1.1\r\n{Host}\r\n");
        WireResponse second = await client.ReadAnswerAsync();

        Assert.That((first.Text, second.Text), Is.EqualTo(("/1\n", "/2\n")));
    }

    [Test]
    public async Task A12_Endless_empty_lines_are_refused() =>
        await RefusedAsync(string.Concat(Enumerable.Repeat("\r\n", 100)) + Get + "\r\n");

    [Test]
    public async Task B7_What_is_no_HTTP_at_all_is_refused()
    {
        byte[] hello = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, .. Payload.Random(512)];
        await RefusedAsync(System.Text.Encoding.Latin1.GetString(hello));
        await RefusedAsync(System.Text.Encoding.Latin1.GetString(Payload.Random(4096)));
        await RefusedAsync("SSH-2.0-OpenSSH_9.2\r\n");
    }

    [Test]
    public async Task B13_A_target_that_is_too_long_is_414() =>
        await RefusedUnlikeAsync(Get + "\r\n", $"GET /{new string('a', 100_000)} HTTP/1.1\r\n{Host}\r\n", 414);

    [Test]
    public async Task B14_A_method_longer_than_any_is_501() =>
        await RefusedUnlikeAsync(
            $"{new string('M', 30)} / HTTP/1.1\r\n{Host}\r\n", $"{new string('M', 100_000)} / HTTP/1.1\r\n{Host}\r\n",
                501);

    [Test]
    public async Task B15_A_target_of_8000_bytes_reaches_the_node()
    {
        string target = "/" + new string('a', 7_999);
        Assert.That((await ServedAsync($"GET {target} HTTP/1.1\r\n{Host}\r\n")).Target, Is.EqualTo(target));
    }

    private async Task RefusedLine(string line, string twin, int status = 400) =>
        await RefusedUnlikeAsync($"{twin}\r\n{Host}\r\n", $"{line}\r\n{Host}\r\n", status);
}
