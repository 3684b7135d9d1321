using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>What the balancer says of itself, against what a client counted that shares no code with it.</summary>
public sealed class MeasuringTests : EndToEndTest
{
    private const int Callers = 8;
    private const int CallsEach = 100;

    [Test]
    public async Task Under_load_the_metrics_agree_exactly_with_what_the_clients_counted()
    {
        ScriptedNode busy = StartNode(BusyForHalfAsync);
        ScriptedNode well = StartNode(AnswerAsync);
        FnlbProcess fnlb = await StartFnlbAsync([busy, well], "-threads=2");

        Caller[] callers = [.. Enumerable.Range(0, Callers).Select(number => Own(new Caller(fnlb.Port, number)))];
        await Task.WhenAll(callers.Select(caller => caller.RunAsync(CallsEach)));

        const int calls = Callers * CallsEach;
        PrometheusText metrics = await MetricsWhenAsync(fnlb, "fnlb_call_duration_seconds_count", calls);
        foreach (int hundreds in (int[])[2, 3, 4, 5])
        {
            int counted = callers.Sum(caller => caller.Statuses.Count(status => status / 100 == hundreds));
            Assert.That(metrics[$"fnlb_answers_total{{class={hundreds}xx}}"], Is.EqualTo(counted), $"{hundreds}xx");
        }

        int busyAnswers = busy.Calls.Count(IsTurnedAway);
        double placed = metrics.Samples
            .Where(sample => sample.StartsWith("fnlb_placements_total", StringComparison.Ordinal))
            .Sum(sample => metrics[sample]);
        Assert.That(busyAnswers, Is.Positive);
        Assert.That(metrics["fnlb_requests_total"], Is.EqualTo(calls));
        Assert.That(metrics["fnlb_retries_total{reason=busy}"], Is.EqualTo(busyAnswers));
        Assert.That(metrics["fnlb_placements_total{reason=retried}"], Is.EqualTo(busyAnswers));
        Assert.That(placed, Is.EqualTo(calls + busyAnswers));
        Assert.That(metrics["fnlb_client_received_bytes_total"], Is.EqualTo(callers.Sum(caller => caller.SentBytes)));
        Assert.That(metrics["fnlb_client_sent_bytes_total"], Is.EqualTo(callers.Sum(caller => caller.ReceivedBytes)));
        string answered = "fnlb_node_call_duration_seconds_count";
        Assert.That(metrics[$"{answered}{{node={busy.Address}}}"], Is.EqualTo(busy.Calls.Count - busyAnswers));
        Assert.That(metrics[$"{answered}{{node={well.Address}}}"], Is.EqualTo(well.Calls.Count));
    }

    [Test]
    public async Task A_wait_is_the_node_s_and_the_added_time_is_ours_alone()
    {
        using SemaphoreSlim answers = new(0);
        ScriptedNode node = StartNode(async call =>
        {
            await answers.WaitAsync();
            await call.AnswerAsync("x", "XXX-FXLB-WAIT: 100ms\r\n");
        });
        FnlbProcess fnlb = await StartFnlbAsync(node);
        RawClient client = await ConnectAsync(fnlb);
        Task<WireResponse> answer = client.GetAsync("/r/app/f");
        await Eventually.HoldsAsync(() => node.Calls.Count == 1, "the call is at its node");
        PrometheusText before = await MetricsWhenAsync(fnlb, "fnlb_calls_in_flight", 1);
        Assert.That(before[$"fnlb_node_calls_in_flight{{node={node.Address}}}"], Is.EqualTo(1));
        await Eventually.StaysTrueAsync(() => true, TimeSpan.FromMilliseconds(300), "the node takes its time");
        answers.Release();
        await answer;

        PrometheusText metrics = await MetricsWhenAsync(fnlb, "fnlb_call_duration_seconds_count", 1);

        double whole = metrics["fnlb_call_duration_seconds_sum"];
        double added = metrics["fnlb_added_latency_seconds_sum"];
        Assert.That(added, Is.Positive);
        Assert.That(whole - added, Is.GreaterThan(0.3), "the node's time is not ours");
        Assert.That(metrics["fnlb_wait_seconds_sum"], Is.EqualTo(0.1));
        Assert.That(metrics["fnlb_function_wait_seconds_count{function=/r/app/f}"], Is.EqualTo(1));
        Assert.That(metrics["fnlb_cold_starts_total"], Is.EqualTo(1), "nothing was warm before");
    }

    [Test]
    public async Task An_answer_that_was_cut_and_a_client_that_left_are_no_calls_that_were_answered()
    {
        ScriptedNode node = StartNode(async call =>
        {
            await call.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            call.Connection.Reset();
        });
        FnlbProcess fnlb = await StartFnlbAsync(node);
        RawClient client = await ConnectAsync(fnlb);
        await client.SendAsync("GET /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n");
        await client.ReadHeadAsync();

        PrometheusText metrics = await MetricsWhenAsync(fnlb, "fnlb_answers_cut_total", 1);

        Assert.That(metrics["fnlb_call_duration_seconds_count"], Is.Zero);
        Assert.That(metrics[$"fnlb_node_failures_total{{node={node.Address}}}"], Is.EqualTo(1));
    }

    private static bool IsTurnedAway(NodeCall call) => call.Target.EndsWith("/busy", StringComparison.Ordinal);

    private static async Task<PrometheusText> MetricsWhenAsync(FnlbProcess fnlb, string sample, double value)
    {
        PrometheusText? metrics = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                metrics = new((await fnlb.Admin.SendAsync(HttpMethod.Get, "/metrics")).Body);
                return metrics[sample] == value;
            },
            $"{sample} is {value}");
        return metrics!;
    }

    private static Task BusyForHalfAsync(NodeCall call) => !IsTurnedAway(call) ? AnswerAsync(call) : call.SendAsync(
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 15\r\nContent-Length: 51\r\n\r\n"
        + "{\"error\":{\"message\":\"Timed out - server too busy\"}}");

    private static async Task AnswerAsync(NodeCall call)
    {
        int number = (await call.ReadBodyAsync()).Length;
        int status = (number % 4) switch { 0 => 200, 1 => 302, 2 => 404, _ => 500 };
        string body = new('x', number);
        await call.SendAsync($"HTTP/1.1 {status} X\r\nContent-Length: {number}\r\n\r\n{body}");
    }

    /// <summary>Knows of HTTP only the status line and Content-Length, and counts every byte.</summary>
    private sealed class Caller(int port, int number) : IDisposable
    {
        private readonly TcpClient _client = new(AddressFamily.InterNetwork);

        public List<int> Statuses { get; } = [];

        public long SentBytes { get; private set; }

        public long ReceivedBytes { get; private set; }

        public async Task RunAsync(int calls)
        {
            await _client.ConnectAsync(IPAddress.Loopback, port);
            NetworkStream stream = _client.GetStream();
            for (int call = 0; call < calls; call++)
            {
                // One in fifty is long enough to pass through the kernel alone.
                int length = call % 50 == 7 ? 200_000 : (call * 37) % 1000;
                string path = $"/r/app/f{(number + call) % 20}" + (call % 5 == 0 ? "/busy" : "");
                byte[] request = Encoding.ASCII.GetBytes(
                    $"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{new string('y', length)}");
                await stream.WriteAsync(request);
                SentBytes += request.Length;
                await ReadAnswerAsync(stream);
            }
        }

        public void Dispose() => _client.Dispose();

        private async Task ReadAnswerAsync(NetworkStream stream)
        {
            byte[] buffer = new byte[256 * 1024];
            int filled = 0;
            int wanted = int.MaxValue;
            while (filled < wanted)
            {
                int count = await stream.ReadAsync(buffer.AsMemory(filled));
                filled += count > 0 ? count : throw new EndOfStreamException();
                string text = Encoding.Latin1.GetString(buffer, 0, filled);
                int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
                if (end > 0)
                {
                    const string name = "content-length: ";
                    int at = text.IndexOf(name, StringComparison.OrdinalIgnoreCase) + name.Length;
                    string digits = text[at..text.IndexOf("\r\n", at, StringComparison.Ordinal)];
                    wanted = end + 4 + int.Parse(digits, CultureInfo.InvariantCulture);
                }
            }

            ReceivedBytes += filled;
            Statuses.Add(int.Parse(Encoding.Latin1.GetString(buffer, 9, 3), CultureInfo.InvariantCulture));
        }
    }
}
