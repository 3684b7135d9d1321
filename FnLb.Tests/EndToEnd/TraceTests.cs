using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>Spans reach real receivers, and join those of whoever sent the call and of the node.</summary>
public sealed class TraceTests : EndToEndTest
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Parent = "00f067aa0ba902b7";
    private const string NodeSpan = "53995c3f42cd8ad8";

    private static readonly string[] TraceNames =
        ["traceparent", "X-B3-TraceId", "X-B3-SpanId", "X-B3-ParentSpanId", "X-B3-Sampled", "b3"];

    [Test]
    public async Task Zipkin_gets_the_three_spans_and_the_node_the_id_of_its_parent()
    {
        SpanCollector collector = Own(SpanCollector.Start());
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node, $"-zipkin={collector.Url}/api/v1/spans");
        RawClient client = await ConnectAsync(fnlb);
        await client.CallAsync(
            "GET /r/app/f?secret=1 HTTP/1.1\r\nHost: a\r\n"
            + $"X-B3-TraceId: {Trace}\r\nX-B3-SpanId: {Parent}\r\nX-B3-Sampled: 1\r\n\r\n");

        await Eventually.HoldsAsync(() => collector.Zipkin.Length == 3, "three spans arrive");

        Dictionary<string, JsonElement> spans = collector.Zipkin.ToDictionary(span => Text(span, "name"));
        JsonElement serve = spans["lb_serve"];
        Assert.That(collector.Posts.Single().Path, Is.EqualTo("/api/v2/spans"));
        Assert.That(collector.Posts.Single().ContentType, Is.EqualTo("application/json"));
        Assert.That(spans.Values.Select(span => Text(span, "traceId")), Is.All.EqualTo(Trace));
        Assert.That(Text(serve, "parentId"), Is.EqualTo(Parent));
        Assert.That(Text(spans["lb_route"], "parentId"), Is.EqualTo(Text(serve, "id")));
        Assert.That(Text(spans["lb_roundtrip"], "parentId"), Is.EqualTo(Text(serve, "id")));
        Assert.That((Text(serve, "kind"), Text(spans["lb_roundtrip"], "kind")), Is.EqualTo(("SERVER", "CLIENT")));
        Assert.That(Text(serve.GetProperty("tags"), "http.path"), Is.EqualTo("/r/app/f"), "and not its query");
        Assert.That(Text(spans["lb_route"].GetProperty("tags"), "fnlb.placement"), Is.EqualTo("home"));
        Assert.That(Text(spans["lb_roundtrip"].GetProperty("tags"), "fnlb.node"), Is.EqualTo(node.Address));
        long begun = serve.GetProperty("timestamp").GetInt64();
        double age = (DateTime.UtcNow - DateTime.UnixEpoch).TotalMicroseconds - begun;
        Assert.That(age, Is.GreaterThan(0).And.LessThan(60e6));
        Assert.That(spans["lb_roundtrip"].GetProperty("timestamp").GetInt64(), Is.GreaterThanOrEqualTo(begun));

        WireHead head = node.Calls.Single().Head;
        string roundTrip = Text(spans["lb_roundtrip"], "id");
        Assert.That(TraceNames.Select(name => string.Join('|', head.Values(name))), Is.EqualTo((string[])
            [$"00-{Trace}-{roundTrip}-01", Trace, roundTrip, Text(serve, "id"), "1", ""]));
    }

    [Test]
    public async Task OpenTelemetry_gets_them_in_its_own_words_with_W3C_s_context()
    {
        SpanCollector collector = Own(SpanCollector.Start());
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node, $"-otlp={collector.Url}", "-trace-sample=0");
        RawClient client = await ConnectAsync(fnlb);
        await client.CallAsync(
            $"GET /r/app/f HTTP/1.1\r\nHost: a\r\ntraceparent: 00-{Trace}-{Parent}-01\r\ntracestate: x=1\r\n\r\n");

        await Eventually.HoldsAsync(() => collector.Otlp.Length == 3, "three spans arrive");

        Dictionary<string, JsonElement> spans = collector.Otlp.ToDictionary(span => Text(span, "name"));
        Assert.That(collector.Posts.Single().Path, Is.EqualTo("/v1/traces"));
        Assert.That(spans.Values.Select(span => Text(span, "traceId")), Is.All.EqualTo(Trace));
        Assert.That(Text(spans["lb_serve"], "parentSpanId"), Is.EqualTo(Parent));
        Assert.That(Text(spans["lb_roundtrip"], "parentSpanId"), Is.EqualTo(Text(spans["lb_serve"], "spanId")));
        int[] kinds = [.. ((string[])["lb_serve", "lb_route", "lb_roundtrip"])
            .Select(name => spans[name].GetProperty("kind").GetInt32())];
        Assert.That(kinds, Is.EqualTo((int[])[2, 1, 3]));
        long begun = long.Parse(Text(spans["lb_serve"], "startTimeUnixNano"));
        Assert.That(long.Parse(Text(spans["lb_serve"], "endTimeUnixNano")), Is.GreaterThan(begun));
        JsonElement status = spans["lb_serve"].GetProperty("attributes").EnumerateArray()
            .Single(attribute => Text(attribute, "key") == "http.response.status_code");
        Assert.That(Text(status.GetProperty("value"), "intValue"), Is.EqualTo("200"));
        WireHead head = node.Calls.Single().Head;
        string roundTrip = Text(spans["lb_roundtrip"], "spanId");
        Assert.That(head.Values("traceparent").Single(), Is.EqualTo($"00-{Trace}-{roundTrip}-01"));
        Assert.That(head.Values("tracestate"), Is.EqualTo((string[])["x=1"]));
    }

    [Test]
    public async Task The_span_of_a_node_that_reads_B3_is_a_child_of_the_roundtrip_in_the_collector()
    {
        SpanCollector collector = Own(SpanCollector.Start());
        using HttpClient http = new();
        ScriptedNode node = StartNode(async call =>
        {
            await http.PostAsync($"{collector.Url}/api/v2/spans", JsonContent.Create(new[]
            {
                new
                {
                    traceId = call.Head.Values("X-B3-TraceId").Single(),
                    parentId = call.Head.Values("X-B3-SpanId").Single(),
                    id = NodeSpan,
                    name = "fn_call",
                    kind = "SERVER",
                    timestamp = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000,
                    duration = 1,
                    localEndpoint = new { serviceName = "fn" },
                },
            }));
            await call.AnswerAsync("x");
        });
        FnlbProcess fnlb = await StartFnlbAsync(node, $"-zipkin={collector.Url}");
        await (await ConnectAsync(fnlb)).GetAsync("/r/app/f");

        await Eventually.HoldsAsync(() => collector.Zipkin.Length == 4, "ours and the node's arrive");

        Dictionary<string, JsonElement> spans = collector.Zipkin.ToDictionary(span => Text(span, "name"));
        Assert.That(spans.Values.Select(span => Text(span, "traceId")).Distinct().Count(), Is.EqualTo(1));
        Assert.That(PathOf("fn_call"), Is.EqualTo((string[])["fn_call", "lb_roundtrip", "lb_serve"]));

        // From a span up to the one that has no parent, by the ids that the collector got.
        IEnumerable<string> PathOf(string name)
        {
            yield return name;
            while (spans[name].TryGetProperty("parentId", out JsonElement parent))
            {
                name = spans.Single(span => Text(span.Value, "id") == parent.GetString()).Key;
                yield return name;
            }
        }
    }

    [Test]
    public async Task The_span_of_a_node_that_reads_W3C_s_context_is_a_child_of_the_roundtrip_in_the_collector()
    {
        SpanCollector collector = Own(SpanCollector.Start());
        using HttpClient http = new();
        ScriptedNode node = StartNode(async call =>
        {
            string[] context = call.Head.Values("traceparent").Single().Split('-');
            string now = (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000).ToString();
            string document = $$$$"""
                {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"fn"}}]},
                "scopeSpans":[{"spans":[{"traceId":"{{{{context[1]}}}}","parentSpanId":"{{{{context[2]}}}}",
                "spanId":"{{{{NodeSpan}}}}","name":"fn_call","kind":2,
                "startTimeUnixNano":"{{{{now}}}}","endTimeUnixNano":"{{{{now}}}}"}]}]}]}
                """;
            await http.PostAsync(
                $"{collector.Url}/v1/traces", new StringContent(document, Encoding.UTF8, "application/json"));
            await call.AnswerAsync("x");
        });
        FnlbProcess fnlb = await StartFnlbAsync(node, $"-otlp={collector.Url}");
        await (await ConnectAsync(fnlb)).GetAsync("/r/app/f");

        await Eventually.HoldsAsync(() => collector.Otlp.Length == 4, "ours and the node's arrive");

        Dictionary<string, JsonElement> spans = collector.Otlp.ToDictionary(span => Text(span, "name"));
        Assert.That(spans.Values.Select(span => Text(span, "traceId")).Distinct().Count(), Is.EqualTo(1));
        Assert.That(Text(spans["fn_call"], "parentSpanId"), Is.EqualTo(Text(spans["lb_roundtrip"], "spanId")));
        Assert.That(spans["lb_serve"].TryGetProperty("parentSpanId", out _), Is.False);
    }

    [TestCase("tracestate: x=1", "")]
    [TestCase("traceparent: 00-short-01\r\ntracestate: x=1", "")]
    [TestCase($"b3: {Trace}-{Parent}-1\r\ntracestate: x=1", "")]
    [TestCase($"traceparent: 00-{Trace}-{Parent}-01\r\ntracestate: x=1\r\ntracestate: y=2", "x=1|y=2")]
    public async Task A_tracestate_goes_only_with_the_trace_it_came_with(string fields, string expected)
    {
        SpanCollector collector = Own(SpanCollector.Start());
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node, $"-otlp={collector.Url}");
        await (await ConnectAsync(fnlb)).CallAsync($"GET /f HTTP/1.1\r\nHost: a\r\n{fields}\r\n\r\n");

        WireHead head = node.Calls.Single().Head;
        Assert.That(string.Join('|', head.Values("tracestate")), Is.EqualTo(expected));
        Assert.That(head.Values("traceparent").Single(), Has.Length.EqualTo(55));
    }

    [TestCase("X-B3-Flags: 1")]
    [TestCase("b3: d")]
    public async Task A_call_that_is_to_be_debugged_stays_one(string field)
    {
        SpanCollector collector = Own(SpanCollector.Start());
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node, $"-zipkin={collector.Url}", "-trace-sample=0");
        await (await ConnectAsync(fnlb)).CallAsync($"GET /f HTTP/1.1\r\nHost: a\r\n{field}\r\n\r\n");

        await Eventually.HoldsAsync(() => collector.Zipkin.Length == 3, "three spans arrive");

        WireHead head = node.Calls.Single().Head;
        Assert.That(string.Join('|', head.Values("X-B3-Flags")), Is.EqualTo("1"));
        Assert.That(head.Values("X-B3-Sampled"), Is.Empty, "the flag says it already");
        Assert.That(collector.Zipkin.Select(span => span.GetProperty("debug").GetBoolean()), Is.All.True);
    }

    [Test]
    public async Task Whoever_sent_the_call_decides_first_and_what_is_not_traced_passes_as_it_came()
    {
        SpanCollector collector = Own(SpanCollector.Start());
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node, $"-zipkin={collector.Url}");
        RawClient client = await ConnectAsync(fnlb);
        await client.CallAsync($"GET /1 HTTP/1.1\r\nHost: a\r\nb3: {Trace}-{Parent}-0\r\n\r\n");
        await client.CallAsync($"GET /2 HTTP/1.1\r\nHost: a\r\ntraceparent: 00-{Trace}-{Parent}-00\r\n\r\n");
        await client.CallAsync("GET /3 HTTP/1.1\r\nHost: a\r\nX-B3-Sampled: 0\r\n\r\n");
        await client.GetAsync("/4");

        await Eventually.HoldsAsync(() => collector.Zipkin.Length >= 3, "the spans of the fourth arrive");

        Assert.That(
            collector.Zipkin.Select(span => Text(span.GetProperty("tags"), "http.path")), Is.All.EqualTo("/4"));
        Assert.That(collector.Zipkin.Count(span => span.TryGetProperty("parentId", out _)), Is.EqualTo(2));
        string[] passed = [.. node.Calls.Select(call => string.Join(' ', TraceNames
            .SelectMany(name => call.Head.Values(name))))];
        Assert.That(passed[..3], Is.EqualTo((string[])[$"{Trace}-{Parent}-0", $"00-{Trace}-{Parent}-00", "0"]));
    }

    [Test]
    public async Task A_call_that_chance_leaves_out_tells_its_node_so()
    {
        SpanCollector collector = Own(SpanCollector.Start());
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node, $"-zipkin={collector.Url}", "-trace-sample=0");
        RawClient client = await ConnectAsync(fnlb);
        await client.GetAsync("/r/app/f");

        Assert.That(node.Calls.Single().Head.Values("X-B3-Sampled"), Is.EqualTo((string[])["0"]));
        Assert.That(
            node.Calls.Single().Head.Values("traceparent").Single(),
            Does.Match("^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-00$"), "for a node that knows only W3C's");
    }

    [Test]
    public async Task Without_a_collector_what_a_client_says_of_its_trace_passes()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node);
        RawClient client = await ConnectAsync(fnlb);
        await client.CallAsync($"GET /1 HTTP/1.1\r\nHost: a\r\nb3: {Trace}-{Parent}-1\r\nX-B3-Flags: 1\r\n\r\n");
        await client.GetAsync("/2");

        NodeCall[] calls = [.. node.Calls];
        Assert.That(calls[0].Head.Values("b3").Single(), Is.EqualTo($"{Trace}-{Parent}-1"));
        Assert.That(calls[0].Head.Values("X-B3-Flags").Single(), Is.EqualTo("1"));
        Assert.That(TraceNames.SelectMany(calls[1].Head.Values), Is.Empty);
    }

    [Test]
    public async Task A_call_placed_again_has_a_roundtrip_for_each_node()
    {
        SpanCollector collector = Own(SpanCollector.Start());
        ScriptedNode busy = StartNode(call => call.SendAsync(
            "HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 27\r\n\r\nTimed out - server too busy"));
        ScriptedNode well = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync([busy, well], $"-zipkin={collector.Url}");
        RawClient client = await ConnectAsync(fnlb);
        for (int i = 0; busy.Calls.Count == 0; i++)
        {
            await client.GetAsync($"/r/app/f{i}");
        }

        JsonElement[] OfTheLast() => [.. collector.Zipkin.Where(span =>
            Text(span.GetProperty("tags"), "http.path") == busy.Calls.Single().Target)];
        await Eventually.HoldsAsync(() => OfTheLast().Length == 5, "two attempts and the whole arrive");

        JsonElement[] trips = [.. OfTheLast().Where(span => Text(span, "name") == "lb_roundtrip")];
        Assert.That(trips.Select(trip => Text(trip.GetProperty("tags"), "fnlb.node")),
            Is.EquivalentTo((string[])[busy.Address, well.Address]));
        Assert.That(trips.Count(trip => trip.GetProperty("tags").TryGetProperty("error", out JsonElement error)
            && error.GetString() == "busy"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_collector_that_is_not_there_costs_its_spans_and_no_call()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node, $"-zipkin=http://127.0.0.1:{FreePort.Next()}");
        RawClient client = await ConnectAsync(fnlb);
        Assert.That((await client.GetAsync("/r/app/f")).Status, Is.EqualTo(200));

        await Eventually.HoldsAsync(
            async () => new PrometheusText((await fnlb.Admin.SendAsync(HttpMethod.Get, "/metrics")).Body)
                ["fnlb_spans_total{collector=zipkin,result=dropped}"] == 3,
            "the spans are counted as lost");

        await Eventually.HoldsAsync(
            () => fnlb.Error.Contains("takes no spans", StringComparison.Ordinal), "the operator is told");
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
