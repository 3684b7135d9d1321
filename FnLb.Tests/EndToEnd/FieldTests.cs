using System.Globalization;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>Which fields pass, which are taken out and which are set.</summary>
public sealed class FieldTests : EndToEndTest
{
    [Test]
    public async Task Fields_of_the_hop_and_those_that_Connection_names_do_not_reach_the_node()
    {
        ScriptedNode node = StartNode();
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        WireResponse answer = await client.CallAsync(
            "GET /r/app/f HTTP/1.1\r\nHost: a\r\nConnection: X-Mine, keep-alive\r\nconnection: x-other\r\n"
            + "X-Mine: 1\r\nX-OTHER: 2\r\nKeep-Alive: timeout=3\r\nProxy-Connection: keep-alive\r\n"
            + "TE: trailers\r\nUpgrade: h2c\r\nX-Stays: 3\r\n\r\n");

        Assert.That(answer.Status, Is.EqualTo(200));
        WireHead head = node.Calls.Single().Head;
        string[] gone = ["Connection", "X-Mine", "X-Other", "Keep-Alive", "Proxy-Connection", "TE", "Upgrade"];
        Assert.That(gone.Where(head.Has), Is.Empty);
        Assert.That(head.Value("X-Stays"), Is.EqualTo("3"));
    }

    [Test]
    public async Task Fields_of_the_hop_and_the_wait_of_the_call_do_not_reach_the_client()
    {
        ScriptedNode node = StartNode(call => call.AnswerAsync(
            "ok",
            "Connection: x-mine\r\nX-Mine: 1\r\nKeep-Alive: timeout=60\r\nProxy-Connection: close\r\nUpgrade: h2c\r\n"
            + "XXX-FXLB-WAIT: 502.0941ms\r\nX-Stays: 3\r\n"));
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        WireHead head = (await client.GetAsync("/r/app/f")).Head;

        string[] gone = ["Connection", "X-Mine", "Keep-Alive", "Proxy-Connection", "Upgrade", "XXX-FXLB-WAIT"];
        Assert.That(gone.Where(head.Has), Is.Empty);
        Assert.That(head.Value("X-Stays"), Is.EqualTo("3"));
    }

    [Test]
    public async Task The_node_learns_who_called_how_and_for_which_host()
    {
        ScriptedNode node = StartNode();
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        await client.CallAsync("GET /r/app/f HTTP/1.1\r\nHost: fn.example:81\r\n\r\n");

        WireHead head = node.Calls.Single().Head;
        Assert.That(head.Value("Host"), Is.EqualTo("fn.example:81"));
        Assert.That(head.Value("X-Forwarded-For"), Is.EqualTo("127.0.0.1"));
        Assert.That(head.Value("X-Forwarded-Proto"), Is.EqualTo("http"));
        Assert.That(head.Value("X-Forwarded-Host"), Is.EqualTo("fn.example:81"));
        Assert.That(head.Value("Via"), Does.Match("^1\\.1 \\S+$"));
    }

    [Test]
    public async Task What_other_proxies_wrote_before_comes_first()
    {
        ScriptedNode node = StartNode();
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        await client.CallAsync(
            "GET /r/app/f HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\n"
            + "X-Forwarded-Host: www.example\r\nVia: 1.0 edge\r\n\r\n");

        WireHead head = node.Calls.Single().Head;
        Assert.That(string.Join(", ", head.Values("X-Forwarded-For")), Is.EqualTo("203.0.113.7, 127.0.0.1"));
        Assert.That(head.Value("X-Forwarded-Proto"), Is.EqualTo("https"));
        Assert.That(head.Value("X-Forwarded-Host"), Is.EqualTo("www.example"));
        Assert.That(string.Join(", ", head.Values("Via")), Does.Match("^1\\.0 edge, 1\\.1 \\S+$"));
    }

    [Test]
    public async Task Other_request_fields_pass_byte_for_byte_and_in_order()
    {
        string[] lines =
            [.. Enumerable.Range(0, 50).Select(i => $"X-{i % 7}: {(char)(0xa0 + i)}, \"quoted\" {(char)0x85}")];
        ScriptedNode node = StartNode();
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        await client.CallAsync($"GET /r/app/f HTTP/1.1\r\nHost: a\r\n{string.Join("\r\n", lines)}\r\n\r\n");

        IEnumerable<WireField> fields = node.Calls.Single().Head.Fields;
        Assert.That(
            fields.Where(field => field.Name is ['X', '-', _]).Select(field => $"{field.Name}: {field.Value}"),
            Is.EqualTo(lines));
    }

    [Test]
    public async Task Other_answer_fields_pass_byte_for_byte_and_in_order()
    {
        string[] lines =
        [
            "Set-Cookie: a=1; Expires=Wed, 09 Jun 2027 10:18:14 GMT", "Server: node/1", "Set-Cookie: b=2",
            "ETag: \"x\"", "Set-Cookie: c=\u00e4\u0085", "Via: 1.1 inner",
            "Date: Wed, 09 Jun 2027 10:18:14 GMT", "Retry-After: 15",
        ];
        ScriptedNode node = StartNode(call => call.AnswerAsync("", string.Join("\r\n", lines) + "\r\n"));
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        WireHead head = (await client.GetAsync("/r/app/f")).Head;

        string[] framing = ["Content-Length"];
        Assert.That(
            head.Fields.Where(field => !framing.Contains(field.Name)).Select(field => $"{field.Name}: {field.Value}"),
            Is.EqualTo(lines));
    }

    [Test]
    public async Task An_answer_without_Date_gets_one()
    {
        ScriptedNode node = StartNode();
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        string? date = (await client.GetAsync("/r/app/f")).Head.Value("Date");

        DateTime parsed = DateTime.ParseExact(date!, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        Assert.That(parsed.ToUniversalTime(), Is.EqualTo(DateTime.UtcNow).Within(TimeSpan.FromSeconds(5)));
    }

    [TestCase("/a/../b//c%2f%2e?x=%20&y", "/a/../b//c%2f%2e?x=%20&y")]
    [TestCase("/%00%0d%0aX:1", "/%00%0d%0aX:1")]
    [TestCase("http://fn.example?x=1", "/?x=1")]
    [TestCase("http://fn.example/p/q?x", "/p/q?x")]
    public async Task The_target_reaches_the_node_as_it_was_written(string target, string seen)
    {
        ScriptedNode node = StartNode();
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        await client.CallAsync($"GET {target} HTTP/1.1\r\nHost: fn.example\r\n\r\n");

        Assert.That(node.Calls.Single().Target, Is.EqualTo(seen));
    }

    [TestCase("FOOBAR")]
    [TestCase("get")]
    [TestCase("M-SEARCH")]
    public async Task An_unknown_method_passes_verbatim(string method)
    {
        ScriptedNode node = StartNode();
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        WireResponse answer = await client.CallAsync(method, "/r/app/f", "");

        Assert.That((answer.Status, node.Calls.Single().Method), Is.EqualTo((200, method)));
    }
}
