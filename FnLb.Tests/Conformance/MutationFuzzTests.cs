using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>
/// Mutated messages, sent to the running balancer from both sides. What passes is compared with what an oracle makes of
/// the same bytes: nothing may pass that is not there, and nothing valid may be refused.
/// </summary>
/// <remarks>
/// FNLB_FUZZ_SECONDS sets the time for both tests together, FNLB_FUZZ_SEED another sequence; docs/http.md tells how to
/// run
/// it for long. A node that gets a request that is not strictly valid fails the test by itself.
/// </remarks>
public sealed class MutationFuzzTests : ConformanceTest
{
    private const int SeedDefault = 20_260_101;
    private const int SecondsDefault = 60;

    // The node keeps every call it got: long runs start over before that takes too much memory.
    private const int MessagesPerRound = 50_000;

    private static readonly int Seed = FromEnvironment("FNLB_FUZZ_SEED", SeedDefault);
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(FromEnvironment("FNLB_FUZZ_SECONDS",
        SecondsDefault) / 2.0);

    [Test]
    public async Task B18_Whatever_clients_send_nodes_get_valid_requests_that_were_there()
    {
        FuzzTally tally = new();
        Random random = new(Seed);
        Mutator mutator = new(random);
        for (long started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < Half;)
        {
            string wire = string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pick(FuzzSeeds.Requests,
                random)));
            wire = random.Next(8) == 0 ? wire : mutator.Mutate(wire);
            RequestOracle oracle = RequestOracle.Read(wire);
            tally.Add(oracle.End);
            try
            {
                await SendAsync([.. mutator.Split(wire)], oracle);
            }
            catch (Exception e)
            {
                Assert.Fail($"message {tally.Total}: {Escape(wire)}\nis {oracle.End} after {Names(oracle)}\n{e}");
            }

            await StartOverAsync(tally);
        }

        TestContext.Out.WriteLine($"{tally}");
        Assert.That(tally.CountOf(OracleEnd.Refused), Is.InRange(tally.Total / 5, tally.Total * 4 / 5),
            "a balanced run");
    }

    [Test]
    public async Task B18_Whatever_nodes_send_clients_get_valid_answers_or_broken_ones()
    {
        FuzzTally tally = new();
        Random random = new(Seed);
        Mutator mutator = new(random);
        for (long started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < Half;)
        {
            string wire = Pick(FuzzSeeds.Answers, random);
            wire = random.Next(8) == 0 ? wire : mutator.Mutate(wire);
            string method = random.Next(5) == 0 ? "HEAD" : "GET";
            AnswerOracle oracle = AnswerOracle.Read(method, wire);
            tally.Add(oracle.Body is null ? OracleEnd.Refused : OracleEnd.Whole);
            if (wire.Length == 0)
            {
                continue;
            }

            try
            {
                await AnswerAsync(method, [.. mutator.Split(wire)], oracle);
            }
            catch (Exception e)
            {
                Assert.Fail($"message {tally.Total}: {method} {Escape(wire)}\nis {oracle}\n{e}");
            }

            await StartOverAsync(tally);
        }

        TestContext.Out.WriteLine($"{tally}");
        Assert.That(tally.CountOf(OracleEnd.Refused), Is.InRange(tally.Total / 5, tally.Total * 4 / 5),
            "a balanced run");
    }

    private static int FromEnvironment(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value)
            ? value
            : otherwise;

    private static string Pick(string[] seeds, Random random) => seeds[random.Next(seeds.Length)];

    private static string Escape(string wire) => string.Concat(wire.Select(c => c switch
    {
        '\r' => "\\r",
        '\n' => "\\n",
        < ' ' or > '~' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
        _ => $"{c}",
    }));

    private static string Names(RequestOracle oracle) =>
        string.Join(' ', oracle.Requests.Select(request => $"{request.Method} {request.Target}"));

    private async Task StartOverAsync(FuzzTally tally)
    {
        if (tally.Total % MessagesPerRound == 0)
        {
            EndBalancerAndNode();
            await StartBalancerAndNode();
            AnswerAsUsual();
        }
    }

    private async Task SendAsync(string[] pieces, RequestOracle oracle)
    {
        using RawClient client = await RawClient.ConnectAsync(Fnlb.Port);
        try
        {
            foreach (string piece in pieces)
            {
                await client.SendAsync(piece);
            }
        }
        catch (SocketException) when (oracle.End == OracleEnd.Closing)
        {
            // The rest comes after a request that was to be the connection's last: nobody has to wait for it.
        }

        foreach (OracleRequest request in oracle.Requests)
        {
            WireResponse answer = await client.ReadAnswerAsync(request.Method);
            Assert.That((answer.Status, answer.Body.Length > 0), Is.EqualTo((200, request.Method != "HEAD")));
            Assert.That(Completed.TryDequeue(out NodeCall? call), Is.True, "the answer is not the node's");
            string body = System.Text.Encoding.Latin1.GetString(await call!.ReadBodyAsync());
            Assert.That(new OracleRequest(call.Method, call.Target, body), Is.EqualTo(request));
        }

        if (oracle.End == OracleEnd.Refused)
        {
            bool isHead = oracle.Rest.TrimStart('\r', '\n').StartsWith("HEAD ", StringComparison.Ordinal);
            WireResponse refusal = await client.ReadAnswerAsync(isHead ? "HEAD" : "GET");
            Assert.That((refusal.Status is >= 400 and < 600, refusal.Head.Value("Connection")), Is.EqualTo((true,
                "close")));
        }

        if (oracle.End is OracleEnd.Refused or OracleEnd.Closing)
        {
            await client.ReadCloseAsync();
        }

        client.Reset();
        Assert.That(Completed, Is.Empty, "the node got a request that is not there");
        Assert.That(Node.Faults, Is.Empty);
    }

    private async Task AnswerAsync(string method, string[] pieces, AnswerOracle oracle)
    {
        ConcurrentQueue<Task> scripts = new();
        Node.Script = async call =>
        {
            TaskCompletionSource hasEnded = new();
            scripts.Enqueue(hasEnded.Task);
            try
            {
                foreach (string piece in pieces)
                {
                    await call.SendAsync(piece);
                }
            }
            finally
            {
                call.Connection.Close();
                hasEnded.SetResult();
            }
        };
        await ReadAnswerAsync(method, oracle);

        // What a node sends after a complete answer is taken for the answer to the next call on that connection, unless
        // it is here before that call.
        await Task.WhenAll(scripts);
    }

    private async Task ReadAnswerAsync(string method, AnswerOracle oracle)
    {
        using RawClient client = await RawClient.ConnectAsync(Fnlb.Port);
        await client.SendAsync($"{method} / HTTP/1.1\r\n{Host}\r\n");
        for (int interim = 0; interim < oracle.InterimAnswers; interim++)
        {
            Assert.That((await client.ReadAnswerAsync(method)).Status, Is.InRange(100, 199));
        }

        if (oracle is { Status: not 0, Body: null })
        {
            string outcome = "broken";
            try
            {
                WireResponse answer = await client.ReadAnswerAsync(method);
                outcome = $"{answer.Status} {answer.Text}";
            }
            catch (Exception e) when (e is EndOfStreamException or SocketException)
            {
                // As it has to be.
            }

            Assert.That(outcome, Is.EqualTo("broken"));
        }
        else
        {
            WireResponse answer = await client.ReadAnswerAsync(method);
            Assert.That(answer.Status, Is.EqualTo(oracle.Status == 0 ? 502 : oracle.Status));
            Assert.That(oracle.Body is null || answer.Text == oracle.Body, Is.True, answer.Text);
        }

        client.Reset();
    }
}
