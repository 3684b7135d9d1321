using FnLb.Core.Http1;
using FnLb.Core.Proxy;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>Methods, expectations and status codes: RFC 9110 sections 9, 10 and 15.</summary>
public sealed class SemanticsTests : ConformanceTest
{
    [TestCase("GET")]
    [TestCase("HEAD")]
    [TestCase("get")]
    [TestCase("FOOBAR")]
    [TestCase("M-SEARCH")]
    [TestCase("!#$%&'*+-.^_`|~09Az")]
    public async Task B123_Any_token_is_a_method_and_reaches_the_node_as_it_is(string method) =>
        Assert.That((await ServedAsync($"{method} / HTTP/1.1\r\n{Host}\r\n")).Method, Is.EqualTo(method));

    [TestCase("HEAD / HTTP/1.1\r\n\r\n", 400)]
    [TestCase("\r\nHEAD /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [TestCase("HEAD / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n", 417)]
    public async Task B124_A_refusal_of_HEAD_has_no_body(string request, int status)
    {
        RawClient client = await ConnectAsync();
        await client.SendAsync(request);

        WireResponse answer = await client.ReadAnswerAsync("HEAD");

        Assert.That(answer.Status, Is.EqualTo(status));
        await client.ReadCloseAsync();
        Assert.That(client.Reader.Buffered.IsEmpty, Is.True);
    }

    [Test]
    public async Task B124_A_bad_gateway_for_HEAD_has_no_body_and_keeps_the_connection()
    {
        Node.Script = async call =>
        {
            await call.SendAsync("garbage\r\n\r\n");
            call.Connection.Close();
        };
        RawClient client = await ConnectAsync();
        await client.SendAsync($"HEAD / HTTP/1.1\r\n{Host}\r\n");

        Assert.That((await client.ReadAnswerAsync("HEAD")).Status, Is.EqualTo(502));
        Node.Script = EchoAsync;
        Assert.That((await client.GetAsync("/next")).Text, Is.EqualTo("/next\n"));
    }

    [Test]
    public async Task B125_A_client_that_waits_for_100_gets_it_from_the_node()
    {
        Node.Script = async call =>
        {
            await call.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
            await EchoAsync(call);
        };
        RawClient client = await ConnectAsync();
        await client.SendAsync($"{Post}Expect: 100-Continue\r\nContent-Length: 5\r\n\r\n");

        WireResponse interim = await client.ReadAnswerAsync();
        await client.SendAsync("hello");
        WireResponse answer = await client.ReadAnswerAsync();

        Assert.That((interim.Status, answer.Text), Is.EqualTo((100, "/\nhello")));
        Assert.That(Calls.Last().Head.Value("Expect"), Is.EqualTo("100-Continue"));
    }

    [Test]
    public async Task B125_A_node_that_refuses_at_once_spares_the_client_its_body()
    {
        Node.Script = Final("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
        RawClient client = await ConnectAsync();
        await client.SendAsync($"{Post}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");

        WireResponse answer = await client.ReadAnswerAsync();

        // Whether the client sends the body now nobody can know: the connection ends.
        Assert.That((answer.Status, answer.Head.Value("Connection")), Is.EqualTo((403, "close")));
        await client.ReadCloseAsync();
    }

    [Test]
    public async Task B126_B129_HTTP_1_0_expects_nothing_and_gets_no_interim_answer()
    {
        Node.Script = async call =>
        {
            await call.SendAsync("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n");
            await EchoAsync(call);
        };

        WireResponse answer = await (await ConnectAsync()).CallAsync(
            $"POST / HTTP/1.0\r\n{Host}Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello");

        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, "/\nhello")));
        Assert.That(Calls.Last().Head.Has("Expect"), Is.False);
    }

    [TestCase("200-ok")]
    [TestCase("100-continue, x")]
    public async Task B127_Another_expectation_fails(string value) =>
        await RefusedUnlikeAsync($"{Get}Expect: 100-continue\r\n\r\n", $"{Get}Expect: {value}\r\n\r\n", 417);

    [Test]
    public async Task B94_B128_B130_Interim_answers_reach_the_client_as_they_come()
    {
        TaskCompletionSource mayAnswer = new();
        Node.Script = async call =>
        {
            await call.SendAsync(
                "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\nConnection: x\r\nX: "
                    + "y\r\n\r\n");
            await mayAnswer.Task;
            await EchoAsync(call);
        };
        RawClient client = await ConnectAsync();
        await client.SendAsync(Get + "\r\n");

        WireResponse first = await client.ReadAnswerAsync();
        WireResponse second = await client.ReadAnswerAsync();
        mayAnswer.SetResult();
        WireResponse answer = await client.ReadAnswerAsync();

        Assert.That((first.Status, second.Status, answer.Status), Is.EqualTo((102, 103, 200)));
        Assert.That((second.Head.Value("Link"), second.Head.Has("X")), Is.EqualTo(("</a>", false)));
    }

    [TestCase("299 Fine")]
    [TestCase("599 \u00e4\u00ff")]
    [TestCase("799 ")]
    [TestCase("421 Misdirected Request")]
    [TestCase("200 a  b\t")]
    public async Task B131_Any_status_code_and_reason_pass(string status)
    {
        Node.Script = call => call.SendAsync($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        RawClient client = await ConnectAsync();
        await client.SendAsync(Get + "\r\n");
        byte[] head = (await client.Reader.ReadThroughAsync("\r\n"u8.ToArray()))!;
        Assert.That(System.Text.Encoding.Latin1.GetString(head), Is.EqualTo($"HTTP/1.1 {status}\r\n"));
    }

    [TestCase("HTTP/1.1 200\r\n")]
    [TestCase("HTTP/1.1 200 \r\n")]
    public async Task B132_The_space_before_an_empty_reason_is_always_there(string line)
    {
        Node.Script = call => call.SendAsync($"{line}Content-Length: 0\r\n\r\n");
        Assert.That((await (await ConnectAsync()).GetAsync("/")).Head.StartLine, Is.EqualTo("HTTP/1.1 200 "));
    }

    [Test]
    public async Task B135_Ranges_pass_both_ways()
    {
        Node.Script = call => call.SendAsync(
            "HTTP/1.1 206 Partial Content\r\nContent-Range: foo 1-2/10\r\nContent-Length: 2\r\n\r\nel");

        WireResponse answer = await (await ConnectAsync()).CallAsync($"{Get}Range: foo=1-2\r\n\r\n");

        Assert.That((answer.Status, answer.Text), Is.EqualTo((206, "el")));
        Assert.That(answer.Head.Value("Content-Range"), Is.EqualTo("foo 1-2/10"));
        Assert.That(Calls.Last().Head.Value("Range"), Is.EqualTo("foo=1-2"));
    }

    [Test]
    public async Task B136_A_304_passes_and_the_connection_persists()
    {
        Node.Script = call => call.SendAsync("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n");
        RawClient client = await ConnectAsync();

        WireResponse first = await client.CallAsync($"{Get}If-None-Match: \"x\"\r\n\r\n");
        WireResponse second = await client.CallAsync($"{Get}If-None-Match: \"x\"\r\n\r\n");

        Assert.That((first.Status, second.Status, first.Head.Value("ETag")), Is.EqualTo((304, 304, "\"x\"")));
    }

    [Test]
    public void B139_No_refusal_of_ours_is_a_421()
    {
        IEnumerable<int> refusals = Enum.GetValues<Rejection>().Select(rejection => rejection.StatusCode());
        IEnumerable<int> faults = Enum.GetValues<FaultKind>()
            .Select(kind => FaultDecision.For(kind, new FaultContext { IsHeld = true, HasRepeated = true }).Status);
        Assert.That(refusals.Concat(faults), Does.Not.Contain(421));
    }

    private static Func<NodeCall, Task> Final(string answer) => async call =>
    {
        await call.SendAsync(answer);
        await call.Connection.ReadCloseAsync();
        call.Connection.Close();
    };
}
