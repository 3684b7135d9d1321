using System.Globalization;
using System.Net;
using System.Text.Json;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>What the admin API tells of traffic, second by second.</summary>
public sealed class WatchTests : EndToEndTest
{
    [Test]
    public async Task The_stats_have_a_row_for_each_node_function_and_second_and_hide_no_call()
    {
        ScriptedNode node = StartNode(call => call.AnswerAsync("x", "XXX-FXLB-WAIT: 20ms\r\n"));
        FnlbProcess fnlb = await StartFnlbAsync(node);
        RawClient client = await ConnectAsync(fnlb);
        for (int i = 0; i < 30; i++)
        {
            await client.GetAsync($"/r/app/f{i % 3}");
        }

        JsonElement[] rows = await RowsAsync(fnlb, "/1/lb/stats", rows => Calls(rows) == 30);

        Assert.That(rows.Select(row => row.GetProperty("func").GetString()).Distinct(),
            Is.EquivalentTo((string[])["/r/app/f0", "/r/app/f1", "/r/app/f2"]));
        Assert.That(rows.Select(row => row.GetProperty("node").GetString()), Is.All.EqualTo(node.Address));
        Assert.That(rows.Select(row => row.GetProperty("wait").GetDouble()), Is.All.EqualTo(0.02).Within(1e-9));
        Assert.That(rows.Select(row => row.GetProperty("timestamp").GetString()),
            Is.All.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"));
        Assert.That(
            rows.Select(row => (row.GetProperty("timestamp").GetString(), row.GetProperty("func").GetString())),
            Is.Unique);
    }

    [Test]
    public async Task Mended_two_readers_of_the_stats_see_the_same_rows()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node);
        RawClient client = await ConnectAsync(fnlb);
        await client.GetAsync("/r/app/f");
        JsonElement[] first = await RowsAsync(fnlb, "/1/lb/stats", rows => Calls(rows) == 1);

        JsonElement[] second = await RowsAsync(fnlb, "/1/lb/stats", _ => true);
        string since = first[0].GetProperty("timestamp").GetString()!;
        JsonElement[] after = await RowsAsync(fnlb, $"/1/lb/stats?since={since}", _ => true);
        long unix = DateTimeOffset.Parse(since, CultureInfo.InvariantCulture).ToUnixTimeSeconds();
        JsonElement[] from = await RowsAsync(fnlb, $"/1/lb/stats?since={unix - 1}", _ => true);

        Assert.That(second.Select(row => row.GetRawText()), Is.EqualTo(first.Select(row => row.GetRawText())));
        Assert.That((after.Length, from.Length), Is.EqualTo((0, 1)));
        (HttpStatusCode status, string body) = await fnlb.Admin.SendAsync(HttpMethod.Get, "/1/lb/stats?since=soon");
        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest), body);
    }

    [Test]
    public async Task The_cluster_view_tells_what_a_node_does_and_what_was_learned_of_it()
    {
        ScriptedNode node = StartNode(call => call.AnswerAsync("x", "XXX-FXLB-WAIT: 0ms\r\n"));
        FnlbProcess fnlb = await StartFnlbAsync(node);
        RawClient client = await ConnectAsync(fnlb);
        for (int i = 0; i < 20; i++)
        {
            await client.GetAsync("/r/app/f");
        }

        JsonElement cluster = await ReadAsync(fnlb, "/1/lb/cluster", view => NodeOf(view, node)
            .GetProperty("callsPerSecond").GetDouble() is > 1.99 and < 2.01);

        JsonElement seen = NodeOf(cluster, node);
        Assert.That(seen.GetProperty("state").GetString(), Is.EqualTo("online"));
        Assert.That(seen.GetProperty("administrative").GetString(), Is.EqualTo("active"));
        Assert.That(seen.GetProperty("limit").GetDouble(), Is.GreaterThanOrEqualTo(4));
        Assert.That(seen.GetProperty("warmContainers").GetInt32(), Is.EqualTo(1));
        Assert.That(seen.GetProperty("p99").GetDouble(), Is.GreaterThan(0).And.LessThan(1));
        Assert.That(seen.GetProperty("waitMean").GetDouble(), Is.Zero);
        Assert.That(cluster.GetProperty("panic").GetBoolean(), Is.False);
    }

    [Test]
    public async Task The_advice_says_how_many_nodes_there_should_be_and_why()
    {
        ScriptedNode[] nodes = [StartNode(), StartNode()];
        FnlbProcess fnlb = await StartFnlbAsync(nodes, "-scale-target=50");

        JsonElement advice = await ReadAsync(fnlb, "/1/lb/scale", view => view.GetProperty("nodes").GetInt32() == 2);

        Assert.That(advice.GetProperty("target").GetDouble(), Is.EqualTo(0.5));
        Assert.That(advice.GetProperty("recommended").ValueKind, Is.EqualTo(JsonValueKind.Null), "too early to tell");
        Assert.That(advice.GetProperty("reason").GetString(), Is.Not.Empty);
    }

    [Test]
    public async Task A_listener_gets_a_snapshot_a_second_with_everything_a_dashboard_shows()
    {
        ScriptedNode node = StartNode(call => call.AnswerAsync("x", "XXX-FXLB-WAIT: 1ms\r\n"));
        FnlbProcess fnlb = await StartFnlbAsync(node);
        RawClient client = await ConnectAsync(fnlb);
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{fnlb.AdminPort}") };
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(15));
        using HttpResponseMessage answer = await http.GetAsync(
            "/1/lb/events?functions=2", HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        await using Stream stream = await answer.Content.ReadAsStreamAsync(deadline.Token);
        Assert.That(answer.Headers.GetValues("X-Accel-Buffering"), Is.EqualTo((string[])["no"]), "for nginx before it");
        using StreamReader reader = new(stream);
        (string name, JsonElement history) = await ReadEventAsync(reader, deadline.Token);
        (string second, JsonElement busiest) = await ReadEventAsync(reader, deadline.Token);
        for (int i = 0; i < 40; i++)
        {
            await client.GetAsync($"/r/app/f{i % 4}");
        }

        JsonElement snapshot;
        List<long> seconds = [];
        do
        {
            (string kind, snapshot) = await ReadEventAsync(reader, deadline.Token);
            seconds.Add(snapshot.GetProperty("second").GetInt64());
            Assert.That(kind, Is.EqualTo("snapshot"));
        }
        while (snapshot.GetProperty("functions").EnumerateArray()
            .Sum(function => function.GetProperty("callsPerSecond").GetDouble()) < 1.99 || seconds.Count < 3);

        Assert.That((name, history.ValueKind), Is.EqualTo(("history", JsonValueKind.Array)));
        Assert.That((second, busiest.GetProperty("nodes").ValueKind), Is.EqualTo(("busiest", JsonValueKind.Array)));
        Assert.That(snapshot.GetProperty("row").GetProperty("p99").ValueKind, Is.EqualTo(JsonValueKind.Number));
        Assert.That(snapshot.GetProperty("openAt").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(seconds, Is.EqualTo(Enumerable.Range(0, seconds.Count).Select(i => seconds[0] + i)));
        Assert.That(snapshot.GetProperty("functionCount").GetInt32(), Is.EqualTo(4));
        Assert.That(snapshot.GetProperty("functions").GetArrayLength(), Is.EqualTo(2), "as many as were asked for");
        JsonElement function = snapshot.GetProperty("functions")[0];
        Assert.That(function.GetProperty("waitMean").GetDouble(), Is.EqualTo(0.001).Within(1e-9));
        Assert.That(function.GetProperty("nodes").GetProperty(node.Address).GetDouble(), Is.EqualTo(1).Within(1e-9));
        Assert.That(NodeOf(snapshot, node).GetProperty("callsPerSecond").GetDouble(), Is.EqualTo(4).Within(1e-9));
        Assert.That(snapshot.GetProperty("calls").GetProperty("p99").GetDouble(), Is.Positive);
        Assert.That(snapshot.GetProperty("scale").GetProperty("nodes").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public async Task The_process_ends_while_somebody_listens()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node);
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{fnlb.AdminPort}") };
        await using Stream stream = await http.GetStreamAsync("/1/lb/events");
        ExpectExit(fnlb);

        fnlb.Signal(Signals.Terminate);

        Assert.That((await fnlb.WaitForExitAsync(TimeSpan.FromSeconds(10))).Code, Is.Zero);
    }

    private static int Calls(JsonElement[] rows) => rows.Sum(row => row.GetProperty("tp").GetInt32());

    private static JsonElement NodeOf(JsonElement view, ScriptedNode node) => view.GetProperty("nodes")
        .EnumerateArray().Single(seen => seen.GetProperty("node").GetString() == node.Address);

    private static async Task<JsonElement[]> RowsAsync(FnlbProcess fnlb, string path, Func<JsonElement[], bool> isReady)
    {
        JsonElement view = await ReadAsync(
            fnlb, path, view => isReady([.. view.GetProperty("stats").EnumerateArray()]));
        return [.. view.GetProperty("stats").EnumerateArray()];
    }

    private static async Task<JsonElement> ReadAsync(FnlbProcess fnlb, string path, Func<JsonElement, bool> isReady)
    {
        JsonElement view = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                (HttpStatusCode status, string body) = await fnlb.Admin.SendAsync(HttpMethod.Get, path);
                Assert.That(status, Is.EqualTo(HttpStatusCode.OK), body);
                view = JsonDocument.Parse(body).RootElement;
                return isReady(view);
            },
            $"{path} tells what happened");
        return view;
    }

    private static async Task<(string Name, JsonElement Data)> ReadEventAsync(
        StreamReader reader, CancellationToken cancellation)
    {
        string name = (await reader.ReadLineAsync(cancellation))!;
        string data = (await reader.ReadLineAsync(cancellation))!;
        Assert.That(await reader.ReadLineAsync(cancellation), Is.Empty);
        return (name["event: ".Length..], JsonDocument.Parse(data["data: ".Length..]).RootElement);
    }
}
