using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>What belongs to one hop, and what this hop adds: RFC 9110 sections 7.6 and 7.7.</summary>
public sealed class HopTests : ConformanceTest
{
    [Test]
    public async Task B107_Connection_and_all_that_it_nominates_end_here_both_ways()
    {
        const string Lines = "Connection: X-A, keep-alive\r\nconnection: x-b,\r\nX-a: 1\r\nX-B: 2\r\nX-C: 3\r\n";
        Node.Script = call => call.AnswerAsync("", Lines);

        WireResponse answer = await (await ConnectAsync()).CallAsync($"{Get}{Lines}\r\n");

        foreach (WireHead head in (WireHead[])[answer.Head, Calls.Last().Head])
        {
            Assert.That(((string[])["Connection", "X-A", "X-B"]).Where(head.Has), Is.Empty);
            Assert.That(head.Value("X-C"), Is.EqualTo("3"));
        }
    }

    [Test]
    public async Task B107_A_trailer_that_Connection_nominates_ends_here()
    {
        NodeCall call = await ServedAsync(
            $"{Post}Connection: X-A\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-A: 1\r\nX-C: 3\r\n\r\n");

        await call.ReadBodyAsync();
        Assert.That(call.Trailers.Select(field => field.Name), Is.EqualTo((string[])["X-C"]));
    }

    [TestCase("Proxy-Connection: keep-alive")]
    [TestCase("Keep-Alive: timeout=60, max=5")]
    [TestCase("TE: trailers")]
    [TestCase("TE: gzip, trailers")]
    [TestCase("Upgrade: h2c")]
    [TestCase("Upgrade: websocket")]
    public async Task B108_B111_Fields_of_the_hop_end_here_though_nobody_nominates_them(string line)
    {
        Node.Script = call => call.AnswerAsync("", line + "\r\n");
        string name = line[..line.IndexOf(':', StringComparison.Ordinal)];

        WireResponse answer = await (await ConnectAsync()).CallAsync($"{Get}{line}\r\n\r\n");

        Assert.That((Calls.Last().Head.Has(name), answer.Head.Has(name)), Is.EqualTo((false, false)));
        Assert.That(Calls.Last().Head.Has("Connection"), Is.False);
    }

    [TestCase("content-length")]
    [TestCase("host")]
    [TestCase("transfer-encoding")]
    [TestCase("x-forwarded-for, x-forwarded-proto, x-forwarded-host")]
    [TestCase("via, date, expect, x-request-id")]
    public async Task B110_To_nominate_what_frames_or_routes_or_names_the_caller_has_no_effect(string nominated)
    {
        NodeCall call = await ServedAsync(
            $"POST / HTTP/1.1\r\nHost: fn.example\r\nConnection: {nominated}\r\nContent-Length: 5\r\n"
                + $"X-Request-Id: id\r\n"
            + "X-Forwarded-For: 10.0.0.1\r\n\r\nhello");

        Assert.That(call.Head.Value("Host"), Is.EqualTo("fn.example"));
        Assert.That(call.Head.Value("Content-Length"), Is.EqualTo("5"));
        Assert.That(call.Head.Value("X-Forwarded-For"), Is.EqualTo("10.0.0.1, 127.0.0.1"));
        Assert.That(call.Head.Value("X-Request-Id"), Is.EqualTo("id"));
        Assert.That(call.Head.Has("Via"), Is.True);
    }

    [Test]
    public async Task B110_To_nominate_the_length_of_an_answer_has_no_effect()
    {
        Node.Script = call => call.AnswerAsync("hello", "Connection: content-length, date\r\nDate: x\r\n");
        RawClient client = await ConnectAsync();

        WireResponse answer = await client.GetAsync("/");

        Assert.That((answer.Text, answer.Head.Value("Content-Length")), Is.EqualTo(("hello", "5")));
        Assert.That((await client.GetAsync("/")).Text, Is.EqualTo("hello"));
    }

    [TestCase("OPTIONS", "10", "9")]
    [TestCase("OPTIONS", "1", "0")]
    [TestCase("TRACE", "3", "2")]
    [TestCase("GET", "0", "0")]
    [TestCase("GET", "7", "7")]
    [TestCase("OPTIONS", "junk", "junk")]
    public async Task B112_Max_Forwards_is_counted_down_for_OPTIONS_and_TRACE(string method, string value, string seen)
    {
        NodeCall call = await ServedAsync($"{method} / HTTP/1.1\r\n{Host}Max-Forwards: {value}\r\n\r\n");
        Assert.That(call.Head.Value("Max-Forwards"), Is.EqualTo(seen));
    }

    [TestCase("OPTIONS", 200)]
    [TestCase("TRACE", 405)]
    public async Task B112_Max_Forwards_0_is_answered_here(string method, int status)
    {
        int callsBefore = Calls.Count();
        RawClient client = await ConnectAsync();

        WireResponse answer = await client.CallAsync($"{method} / HTTP/1.1\r\n{Host}Max-Forwards: 0\r\n\r\n");
        WireResponse next = await client.GetAsync("/next");

        Assert.That((answer.Status, next.Text), Is.EqualTo((status, "/next\n")));
        Assert.That(answer.Head.Has("Allow"), Is.EqualTo(status == 405));
        Assert.That(Calls.Count() - callsBefore, Is.EqualTo(1));
    }

    [TestCase("HTTP/1.1", "", "1.1 fnlb")]
    [TestCase("HTTP/1.0", "", "1.0 fnlb")]
    [TestCase("HTTP/1.1", "Via: 1.0 a\r\n", "1.0 a, 1.1 fnlb")]
    [TestCase("HTTP/1.1", "Via: 1.0 a, 2 b (x)\r\nvia: HTTP/1.1 c\r\n", "1.0 a, 2 b (x), HTTP/1.1 c, 1.1 fnlb")]
    [TestCase("HTTP/1.1", "Via: 1.0 a, 1.1 a\r\n", "1.0 a, 1.1 a, 1.1 fnlb")]
    public async Task B114_B115_Via_keeps_its_members_and_gets_ours_at_the_end(string version, string lines,
        string seen)
    {
        NodeCall call = await ServedAsync($"GET / {version}\r\n{Host}{lines}\r\n");
        Assert.That(string.Join(", ", call.Head.Values("Via")), Is.EqualTo(seen));
    }

    [Test]
    public async Task B117_What_the_ends_say_about_themselves_is_left_alone()
    {
        string[] asked =
            ["User-Agent: x/1 (y)", "Referer: http://a/", "From: a@b", "Accept: */*", "Content-Type: text/plain",
                "Cookie: a=b"];
        string[] answered =
        [
            "ETag: W/\"x\"", "Server: node/1", "Last-Modified: Wed, 09 Jun 2027 10:18:14 GMT", "Content-Location: /x",
            "Content-MD5: x", "Vary: *", "Date: Wed, 09 Jun 2027 10:18:14 GMT", "Age: 3", "Expires: 0",
        ];
        Node.Script = call => call.AnswerAsync("", string.Join("\r\n", answered) + "\r\n");

        WireResponse answer = await (await ConnectAsync()).CallAsync($"{Get}{string.Join("\r\n", asked)}\r\n\r\n");

        Assert.That(Lines(Calls.Last().Head), Is.SupersetOf(asked));
        Assert.That(Lines(answer.Head), Is.EqualTo(answered.Append("Content-Length: 0")));

        static IEnumerable<string> Lines(WireHead head) => head.Fields.Select(field => $"{field.Name}: {field.Value}");
    }

    [Test]
    public async Task B133_Allow_is_left_alone()
    {
        Node.Script = call => call.AnswerAsync("", "Allow: GET, X\r\n");
        Assert.That((await (await ConnectAsync()).GetAsync("/")).Head.Value("Allow"), Is.EqualTo("GET, X"));
    }

    [Test]
    public async Task B134_What_a_proxy_and_its_neighbour_agree_on_ends_here()
    {
        Node.Script = call => call.AnswerAsync("", "Proxy-Authenticate: Basic\r\nWWW-Authenticate: Basic\r\n");

        WireResponse answer = await (await ConnectAsync()).CallAsync(
            $"{Get}Proxy-Authorization: Basic x\r\nAuthorization: Basic y\r\n\r\n");

        Assert.That(Calls.Last().Head.Has("Proxy-Authorization"), Is.False);
        Assert.That(Calls.Last().Head.Value("Authorization"), Is.EqualTo("Basic y"));
        Assert.That(answer.Head.Has("Proxy-Authenticate"), Is.False);
        Assert.That(answer.Head.Value("WWW-Authenticate"), Is.EqualTo("Basic"));
    }

    [Test]
    public async Task B141_What_is_encoded_in_a_request_never_becomes_a_line_end_in_what_is_sent_on()
    {
        NodeCall call = await ServedAsync(
            "GET /%0d%0aX-Evil:%201?%0aq HTTP/1.1\r\nHost: a%0d%0aX-Evil:80\r\nX-Forwarded-For: %0d%0aX-Evil: "
                + "1\r\n\r\n");

        Assert.That(call.Target, Is.EqualTo("/%0d%0aX-Evil:%201?%0aq"));
        Assert.That(call.Head.Value("X-Forwarded-Host"), Is.EqualTo("a%0d%0aX-Evil:80"));
        Assert.That(call.Head.Has("X-Evil"), Is.False);
    }

    [Test]
    public async Task Trace_context_passes_unchanged()
    {
        string[] lines =
        [
            "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "tracestate: a=b,c=d", "b3: x-y-1",
            "X-B3-TraceId: 1", "X-B3-SpanId: 2", "X-B3-ParentSpanId: 3", "X-B3-Sampled: 1", "X-B3-Flags: 0",
        ];
        NodeCall call = await ServedAsync($"{Get}{string.Join("\r\n", lines)}\r\n\r\n");
        Assert.That(call.Head.Fields.Select(field => $"{field.Name}: {field.Value}"), Is.SupersetOf(lines));
    }

    [Test]
    public async Task A_request_id_is_kept_or_made_and_none_is_made_twice()
    {
        NodeCall kept = await ServedAsync($"{Get}X-Request-Id: mine\r\n\r\n");
        HashSet<string?> made = [];
        for (int i = 0; i < 100; i++)
        {
            made.Add((await ServedAsync(Get + "\r\n")).Head.Value("X-Request-Id"));
        }

        Assert.That(kept.Head.Value("X-Request-Id"), Is.EqualTo("mine"));
        Assert.That(made, Has.Count.EqualTo(100));
        Assert.That(made, Is.All.Match("^[0-9a-f]{32}$"));
    }

    [Test]
    public async Task B142_Preconditions_reach_the_node()
    {
        string[] lines = ["If-Match: \"x\"", "If-None-Match: *", "If-Unmodified-Since: 0", "If-Range: \"x\""];
        NodeCall call = await ServedAsync($"{Get}{string.Join("\r\n", lines)}\r\n\r\n");
        Assert.That(call.Head.Fields.Select(field => $"{field.Name}: {field.Value}"), Is.SupersetOf(lines));
    }
}
