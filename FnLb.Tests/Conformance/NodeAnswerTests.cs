using System.Net.Sockets;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>
/// Answers of nodes, held to the same grammar as requests: what is malformed or ambiguous is 502 before the first byte
/// went out and a broken connection after it, and nothing of it is ever seen by the next client.
/// </summary>
public sealed class NodeAnswerTests : ConformanceTest
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";
    private const string Length5 = "Content-Length: 5\r\n";
    private const string Chunked = "Transfer-Encoding: chunked\r\n";
    private const string Fake = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";

    private RawClient? _client;

    [TestCase("foo")]
    [TestCase("-1")]
    [TestCase("5x")]
    [TestCase("")]
    [TestCase("+5")]
    [TestCase("0x5")]
    [TestCase("5 5")]
    [TestCase("5, 6")]
    [TestCase("5\r\nContent-Length: 6")]
    [TestCase("99999999999999999999")]
    public Task A57_B66_An_invalid_length_is_502(string value) =>
        Refused($"{Ok}Content-Length: {value}\r\n\r\nhello", $"{Ok}{Length5}\r\nhello");

    [TestCase("5\r\nContent-Length: 5")]
    [TestCase("5, 5")]
    [TestCase("5,")]
    public Task A58_A_repeated_length_is_502_even_when_equal(string value) =>
        Refused($"{Ok}Content-Length: {value}\r\n\r\nhello", $"{Ok}{Length5}\r\nhello");

    [TestCase(Length5 + Chunked)]
    [TestCase(Chunked + Length5)]
    public Task A59_Both_framings_together_are_502(string lines) =>
        Refused($"{Ok}{lines}\r\n5\r\nhello\r\n0\r\n\r\n", $"{Ok}{Chunked}\r\n5\r\nhello\r\n0\r\n\r\n");

    [TestCase("gzip")]
    [TestCase("identity")]
    [TestCase("blegh")]
    [TestCase("chunked, gzip")]
    [TestCase("chunked, chunked")]
    [TestCase("chunked\r\nTransfer-Encoding: chunked")]
    [TestCase(",chunked")]
    [TestCase("\u00a0chunked")]
    [TestCase("")]
    public Task A60_B64_Any_coding_but_chunked_is_502(string value) => Refused(
        $"{Ok}Transfer-Encoding: {value}\r\n\r\n5\r\nhello\r\n0\r\n\r\n", $"{Ok}{Chunked}\r\n5\r\nhello\r\n0\r\n\r\n");

    [Test]
    public Task A61_B60_Transfer_Encoding_in_HTTP_1_0_is_502() => Refused(
        $"HTTP/1.0 200 OK\r\n{Chunked}\r\n5\r\nhello\r\n0\r\n\r\n", $"{Ok}{Chunked}\r\n5\r\nhello\r\n0\r\n\r\n");

    [TestCase("X: a\rb", "X: ab")]
    [TestCase("X: a\nb: c", "X: a\r\nb: c")]
    [TestCase("X: a\0b", "X: ab")]
    [TestCase("X: a\u0007b", "X: ab")]
    [TestCase("X\u007f: a", "X: a")]
    [TestCase("X Y: a", "X-Y: a")]
    [TestCase("X\u00e4: a", "Xa: a")]
    [TestCase(": a", "a: a")]
    [TestCase("NoColon", "NoColon:")]
    [TestCase(" X: a", "X: a")]
    [TestCase("X : a", "X: a")]
    [TestCase("X\t: a", "X: a")]
    [TestCase("X: a\r\n b", "X: a b")]
    [TestCase("X: a\r\n\tb", "X: a b")]
    public Task A62_A63_A64_B3_B35_B38_B47_A_malformed_field_is_502(string line, string twin) =>
        Refused($"{Ok}{line}\r\n{Length5}\r\nhello", $"{Ok}{twin}\r\n{Length5}\r\nhello");

    [TestCase("garbage")]
    [TestCase("HTTP/2.0 200 OK")]
    [TestCase("http/1.1 200 OK")]
    [TestCase("HTTP/1.1 20 OK")]
    [TestCase("HTTP/1.1 2000 OK")]
    [TestCase("HTTP/1.1 099 OK")]
    [TestCase("HTTP/1.1 abc OK")]
    [TestCase("HTTP/1.1  200 OK")]
    [TestCase("HTTP/1.1\t200 OK")]
    [TestCase("HTTP/1.1 200\tOK")]
    [TestCase("HTTP/1.1 200 O\0K")]
    [TestCase("HTTP/1.1 200 O\rK")]
    [TestCase("HTTP/1.1 200 OK\n")]
    [TestCase(" HTTP/1.1 200 OK")]
    [TestCase("\r\nHTTP/1.1 200 OK")]
    public Task A62_A_malformed_status_line_is_502(string line) =>
        Refused($"{line}\r\n{Length5}\r\nhello", $"{Ok}{Length5}\r\nhello");

    [Test]
    public async Task A65_B87_A_body_that_breaks_off_breaks_the_clients_connection(
        [Values(
            Length5 + "\r\nhel", Chunked + "\r\n5\r\nhello\r\n", Chunked + "\r\n5\r\nhel",
            Chunked + "\r\n5\r\nhello\r\n0\r\n", Chunked + "\r\n5\r\nhello\r\n0\r\nX: y\r\n")]
        string rest,
        [Values] bool isReset)
    {
        Node.Script = async call =>
        {
            await call.SendAsync(Ok + rest);
            await StartedAsync(call);
            End(call, isReset);
        };
        await Broken();
    }

    [TestCase("5x\r\nhello\r\n0\r\n\r\n")]
    [TestCase("5\r\nhello\n0\r\n\r\n")]
    [TestCase("5\r\nhelloXX0\r\n\r\n")]
    [TestCase("5;\r\nhello\r\n0\r\n\r\n")]
    [TestCase("5\r\nhello\r\n-0\r\n\r\n")]
    [TestCase("5\r\nhello\r\n0\r\nbad\r\n\r\n")]
    [TestCase("5\r\nhello\r\nFFFFFFFFFFFFFFFF0\r\n")]
    public async Task A65_An_invalid_chunk_breaks_the_clients_connection(string body)
    {
        Node.Script = async call =>
        {
            await call.SendAsync($"{Ok}{Chunked}\r\n{body}");
            await call.Connection.ReadCloseAsync();
            call.Connection.Close();
        };
        await Broken();
        await Served($"{Ok}{Chunked}\r\n5\r\nhello\r\n0\r\n\r\n");
    }

    [Test]
    public async Task A65_A_head_that_breaks_off_is_502(
        [Values("HTTP/1.1 200 O", Ok + "X: y\r\n", "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 20")] string part,
        [Values] bool isReset)
    {
        Node.Script = async call =>
        {
            await call.SendAsync(part);
            End(call, isReset);
        };
        await IsBadGateway();
    }

    [TestCase("HEAD", Ok + Length5 + "\r\n", "hello")]
    [TestCase("HEAD", Ok + Chunked + "\r\n", "5\r\nhello\r\n0\r\n\r\n")]
    [TestCase("GET", "HTTP/1.1 204 No Content\r\n\r\n", "hello")]
    [TestCase("GET", "HTTP/1.1 304 Not Modified\r\n" + Length5 + "\r\n", "hello")]
    [TestCase("GET", Ok + Length5 + "\r\nhello", "more")]
    [TestCase("GET", Ok + Length5 + "\r\nhello", Fake)]
    [TestCase("HEAD", Ok + Length5 + "\r\n", Fake)]
    [TestCase("GET", "HTTP/1.1 204 No Content\r\n\r\n", Fake)]
    [TestCase("GET", Ok + Chunked + "\r\n5\r\nhello\r\n0\r\n\r\n", Fake)]
    public async Task A66_B62_B71_Surplus_bytes_are_dropped_with_their_connection(
        string method, string answer, string surplus)
    {
        Node.Script = async call =>
        {
            await call.SendAsync(answer + surplus);
            await call.Connection.ReadCloseAsync();
            call.Connection.Close();
        };
        RawClient client = await ConnectAsync();

        WireResponse seen = await client.CallAsync($"{method} /surplus HTTP/1.1\r\n{Host}\r\n");
        NodeConnection connection = Calls.Last().Connection;
        Node.Script = EchoAsync;
        WireResponse next = await client.GetAsync("/next");

        Assert.That(seen.Head.Second, Is.EqualTo(answer.Split(' ')[1]));
        Assert.That(next.Text, Is.EqualTo("/next\n"));
        await FenceAsync();
        await Eventually.HoldsAsync(() => connection.IsClosed, "the connection was dropped");
    }

    [Test]
    public async Task A66_Bytes_after_an_interim_answer_are_the_final_one_or_502()
    {
        Node.Script = Final("HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\nhello");
        RawClient client = await ConnectAsync();
        await client.SendAsync(Get + "\r\n");

        WireResponse interim = await client.ReadAnswerAsync();
        WireResponse answer = await client.ReadAnswerAsync();

        Assert.That((interim.Status, interim.Body.Length, answer.Status), Is.EqualTo((103, 0, 502)));
        await FenceAfter();
    }

    [Test]
    public async Task A67_B95_Bytes_on_an_idle_connection_close_it_and_answer_nobody()
    {
        NodeCall call = await ServedAsync($"GET /idle HTTP/1.1\r\n{Host}\r\n");

        await call.Connection.SendAsync(Fake);
        await Eventually.HoldsAsync(() => call.Connection.IsClosed, "the connection was closed");

        Assert.That((await (await ConnectAsync()).GetAsync("/next")).Text, Is.EqualTo("/next\n"));
    }

    [TestCase("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")]
    [TestCase("HTTP/1.1 101 Switching Protocols\r\n\r\n")]
    public Task A68_B119_A_101_that_nobody_asked_for_is_502(string answer) =>
        Refused(answer, $"{Ok}Upgrade: x\r\nConnection: upgrade\r\n{Length5}\r\nhello");

    [Test]
    public async Task A69_A_head_beyond_the_limits_is_502()
    {
        await Refused($"{Ok}X: {new string('y', 100_000)}\r\n\r\n",
            $"{Ok}X: {new string('y', 60_000)}\r\n{Length5}\r\nhello");
        await Refused(
            Ok + string.Concat(Enumerable.Range(0, 1000).Select(i => $"X{i}: y\r\n")) + "\r\n",
            Ok + string.Concat(Enumerable.Range(0, 190).Select(i => $"X{i}: y\r\n")) + Length5 + "\r\nhello");
    }

    [Test]
    public async Task A69_B130_Interim_answers_are_relayed_up_to_a_bound()
    {
        const string Interim = "HTTP/1.1 103 Early Hints\r\n\r\n";
        Node.Script = call => call.SendAsync(string.Concat(Enumerable.Repeat(Interim, 20)) + Ok + Length5
            + "\r\nhello");
        Assert.That(await StatusesAsync(), Is.EqualTo(Enumerable.Repeat(103, 20).Append(200)));

        Node.Script = Final(string.Concat(Enumerable.Repeat(Interim, 10_000)));
        List<int> statuses = await StatusesAsync();
        Assert.That(statuses[^1], Is.EqualTo(502));
        Assert.That(statuses, Has.Count.LessThan(200));
        await FenceAfter();

        async Task<List<int>> StatusesAsync()
        {
            RawClient client = await ConnectAsync();
            await client.SendAsync(Get + "\r\n");
            List<int> statuses = [];
            do
            {
                statuses.Add((await client.ReadAnswerAsync()).Status);
            }
            while (statuses[^1] == 103);
            return statuses;
        }
    }

    [TestCase("HTTP/1.1 204 No Content\r\n" + Chunked + "\r\n0\r\n\r\n", "204")]
    [TestCase("HTTP/1.1 204 No Content\r\n" + Length5 + "\r\nhello", "204")]
    [TestCase("HTTP/1.1 304 Not Modified\r\n" + Chunked + "\r\n", "304")]
    [TestCase("HTTP/1.1 205 Reset Content\r\n" + Length5 + "\r\nhello", "205")]
    [TestCase("HTTP/1.1 205 Reset Content\r\n" + Chunked + "\r\n5\r\nhello\r\n0\r\n\r\n", "205")]
    public async Task A70_B55_B75_An_answer_that_has_no_body_gets_none(string answer, string status)
    {
        Node.Script = call => call.SendAsync(answer);
        RawClient client = await ConnectAsync();

        WireResponse seen = await client.GetAsync("/");
        Node.Script = EchoAsync;
        WireResponse next = await client.GetAsync("/next");

        Assert.That((seen.Head.Second, seen.Body.Length), Is.EqualTo((status, 0)));
        Assert.That(seen.Head.Has("Transfer-Encoding"), Is.False);
        Assert.That(next.Text, Is.EqualTo("/next\n"));
    }

    [TestCase("0\r\n\r\n")]
    [TestCase("0\r\nX: y\r\n\r\n")]
    [TestCase("0000;a=b\r\n\r\n")]
    public async Task A70_B52_An_answer_that_looks_busy_but_is_not_reaches_the_client_wherever_its_chunks_end(
        string end)
    {
        Node.Script = call => call.SendAsync(
            $"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 15\r\n{Chunked}\r\n5\r\nhello\r\n{end}");

        WireResponse answer = await (await ConnectAsync()).GetAsync("/");

        Assert.That((answer.Status, answer.Text, answer.Head.Value("Retry-After")), Is.EqualTo((503, "hello", "15")));
    }

    [Test]
    public async Task A65_An_answer_that_looks_busy_but_has_a_malformed_body_breaks_the_clients_connection()
    {
        Node.Script = Final(
            $"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 15\r\n{Chunked}\r\n5\r\nhelloXX0\r\n\r\n");
        await Broken();
    }

    // Sends the answer and looks at nothing else that comes on the connection, as long as it lives.
    private static Func<NodeCall, Task> Final(string answer) => async call =>
    {
        await call.SendAsync(answer);
        await call.Connection.ReadCloseAsync();
        call.Connection.Close();
    };

    private static void End(NodeCall call, bool isReset)
    {
        if (isReset)
        {
            call.Connection.Reset();
        }
        else
        {
            call.Connection.Close();
        }
    }

    // A reset may overtake the bytes before it; the client has to have some for its answer to be a broken one.
    private async Task StartedAsync(NodeCall call) => await Eventually.HoldsAsync(
        () => _client!.Reader.BytesReceived > 0 || call.Connection.IsClosed, "the answer has started");

    private async Task Refused(string answer, string twin)
    {
        Node.Script = Final(answer);
        await IsBadGateway();
        await Served(twin);
    }

    private async Task IsBadGateway()
    {
        RawClient client = await ConnectAsync();
        await client.SendAsync(Get + "\r\n");
        WireResponse answer;
        do
        {
            answer = await client.ReadAnswerAsync();
        }
        while (answer.Status < 200);
        Assert.That(answer.Status, Is.EqualTo(502));
        Assert.That(answer.Text, Does.Match(ErrorBody));
        await FenceAfter();
    }

    private async Task Broken()
    {
        _client = await ConnectAsync();
        await _client.SendAsync(Get + "\r\n");
        Assert.That(
            async () => await _client.ReadAnswerAsync(),
            Throws.InstanceOf<EndOfStreamException>().Or.InstanceOf<SocketException>());
        await FenceAfter();
    }

    private async Task Served(string twin)
    {
        Node.Script = call => call.SendAsync(twin);
        WireResponse answer = await (await ConnectAsync()).GetAsync("/");
        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, "hello")));
        await FenceAfter();
    }

    private async Task FenceAfter()
    {
        NodeConnection connection = Calls.Last().Connection;
        Node.Script = EchoAsync;
        await FenceAsync();
        await Eventually.HoldsAsync(
            () => connection.IsClosed || Calls.Last().Connection == connection, "a connection in doubt was dropped");
    }
}
