using System.Globalization;
using System.Text;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>Several requests on one connection: RFC 9112 sections 9.2 and 9.3.</summary>
public sealed class PipeliningTests : ConformanceTest
{
    [Test]
    public async Task A55_A_body_that_looks_like_a_request_stays_a_body_wherever_it_is_split()
    {
        const string Body = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
        string first = $"POST /1 HTTP/1.1\r\n{Host}Content-Length: 0\r\n\r\n";
        string second = $"POST /2 HTTP/1.1\r\n{Host}Content-Length: {Body.Length}\r\n\r\n";
        string wire = first + second + Body;
        for (int split = first.Length; split < wire.Length; split++)
        {
            RawClient client = await ConnectAsync();
            await client.SendAsync(wire[..split]);
            string one = (await client.ReadAnswerAsync()).Text;
            await client.SendAsync(wire[split..]);
            string two = (await client.ReadAnswerAsync()).Text;

            Assert.That((one, two), Is.EqualTo(("/1\n", "/2\n" + Body)), $"split at {split}");
            Assert.That(client.Reader.Buffered.IsEmpty, Is.True);
        }

        Assert.That(Calls.Select(call => call.Target), Does.Not.Contain("/smuggled"));
    }

    [Test]
    public async Task B93_B94_Answers_come_in_the_order_of_the_requests_however_long_each_takes()
    {
        TaskCompletionSource[] mayAnswer = [.. Enumerable.Range(0, 20).Select(_ => new TaskCompletionSource())];
        Node.Script = async call =>
        {
            int number = int.Parse(call.Target[1..], CultureInfo.InvariantCulture);
            await mayAnswer[number].Task;
            await call.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
            await call.AnswerAsync(call.Target);
        };
        RawClient client = await ConnectAsync();

        await client.SendAsync(string.Concat(Enumerable.Range(0, 20).Select(i => $"GET /{i} HTTP/1.1\r\n{Host}\r\n")));
        foreach (TaskCompletionSource odd in mayAnswer.Where((_, number) => number % 2 == 1))
        {
            odd.SetResult();
        }

        StringBuilder seen = new();
        for (int number = 0; number < 20; number++)
        {
            _ = mayAnswer[number].TrySetResult();
            Assert.That((await client.ReadAnswerAsync()).Status, Is.EqualTo(103));
            seen.Append((await client.ReadAnswerAsync()).Text);
        }

        Assert.That(seen.ToString(), Is.EqualTo(string.Concat(Enumerable.Range(0, 20).Select(i => $"/{i}"))));
    }

    [Test]
    public async Task B88_A_connection_persists_by_default()
    {
        RawClient client = await ConnectAsync();
        for (int i = 0; i < 100; i++)
        {
            Assert.That((await client.PostAsync($"/{i}", "x")).Text, Is.EqualTo($"/{i}\nx"));
        }
    }

    [TestCase("HTTP/1.1", "Connection: close\r\n")]
    [TestCase("HTTP/1.1", "Connection: keep-alive, CLOSE\r\n")]
    [TestCase("HTTP/1.0", "")]
    [TestCase("HTTP/1.0", "Connection: close, keep-alive\r\n")]
    public async Task B91_B92_B101_B102_After_the_last_answer_nothing_more_is_processed(string version, string lines)
    {
        int callsBefore = Calls.Count();
        RawClient client = await ConnectAsync();
        await client.SendAsync($"GET /1 {version}\r\n{Host}{lines}\r\nGET /2 HTTP/1.1\r\n{Host}\r\n");

        WireResponse answer = await client.ReadAnswerAsync();
        await client.ReadCloseAsync();

        Assert.That((answer.Text, answer.Head.Value("Connection")), Is.EqualTo(("/1\n", "close")));
        await FenceAsync();
        Assert.That(Calls.Count(), Is.EqualTo(callsBefore + 2));
    }

    [Test]
    public async Task B92_A_client_of_HTTP_1_0_that_asks_for_it_may_send_another_request()
    {
        RawClient client = await ConnectAsync();
        for (int i = 0; i < 3; i++)
        {
            WireResponse answer = await client.CallAsync($"GET /{i} HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
            Assert.That((answer.Text, answer.Head.Value("Connection")), Is.EqualTo(($"/{i}\n", "keep-alive")));
        }
    }

    [Test]
    public async Task B105_Each_request_keeps_its_own_credentials_on_a_connection_that_others_use_too()
    {
        foreach (string name in (string[])["alice", "", "bob", "alice", ""])
        {
            string lines = name.Length > 0 ? $"Authorization: {name}\r\n" : "";
            NodeCall call = await ServedAsync($"GET /me HTTP/1.1\r\n{Host}{lines}\r\n");
            Assert.That(call.Head.Value("Authorization") ?? "", Is.EqualTo(name));
        }

        Assert.That(Calls.TakeLast(5).Select(call => call.Connection.Number).Distinct().Count(), Is.EqualTo(1));
    }
}
