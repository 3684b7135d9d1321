using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Faults;

/// <summary>Nodes that are busy, or whose checks pass while calls fail.</summary>
public sealed class SickNodeTests : EndToEndTest
{
    private const int Functions = 60;

    [Test]
    public async Task A_node_that_is_busy_for_everything_fails_no_call_and_the_second_placements_are_counted()
    {
        ScriptedNode busy = StartNode(call => BusyAsync(call, 15));
        ScriptedNode well = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync([busy, well]);
        RawClient client = await ConnectAsync(fnlb);

        List<(int Status, string Text)> answers = [];
        for (int i = 0; i < Functions; i++)
        {
            WireResponse answer = i % 2 == 0
                ? await client.GetAsync($"/r/app/f{i}") : await client.PostAsync($"/r/app/f{i}", "body");
            answers.Add((answer.Status, answer.Text));
        }

        Assert.That(answers, Is.All.EqualTo((200, well.Address)));
        Assert.That(busy.Calls, Is.Not.Empty);
        Assert.That((await MetricsAsync(fnlb))["fnlb_retries_total{reason=busy}"], Is.EqualTo(busy.Calls.Count));
        Assert.That((await fnlb.Admin.NodesAsync())[busy.Address], Is.EqualTo("online"), "busy is not ill");
    }

    [Test]
    public async Task When_every_node_is_busy_the_client_gets_the_503_with_the_shortest_wait()
    {
        ScriptedNode[] nodes =
            [.. ((int[])[15, 7, 9]).Select(seconds => StartNode(call => BusyAsync(call, seconds)))];
        FnlbProcess fnlb = await StartFnlbAsync(nodes);

        WireResponse answer = await (await ConnectAsync(fnlb)).PostAsync("/r/app/f", "body");

        Assert.That(answer.Status, Is.EqualTo(503));
        Assert.That(answer.Head.Values("Retry-After"), Is.EqualTo((string[])["7"]));
        Assert.That(answer.Text, Does.Match(ErrorBody).And.Contain("Timed out - server too busy"));
        Assert.That(nodes.Select(node => node.Calls.Count), Is.All.EqualTo(1));
    }

    [Test]
    public async Task A_call_that_its_node_lost_and_that_no_other_has_room_for_is_answered_once()
    {
        int calls = 0;
        Task AnswerAsync(NodeCall call)
        {
            if (Interlocked.Increment(ref calls) > 1)
            {
                return BusyAsync(call, 15);
            }

            call.Connection.Reset();
            return Task.CompletedTask;
        }

        ScriptedNode[] nodes = [StartNode(AnswerAsync), StartNode(AnswerAsync), StartNode(AnswerAsync)];
        FnlbProcess fnlb = await StartFnlbAsync(nodes);

        WireResponse answer = await (await ConnectAsync(fnlb)).GetAsync("/r/app/f");

        Assert.That((answer.Status, Volatile.Read(ref calls)), Is.EqualTo((503, 3)));
    }

    [Test]
    public async Task A_busy_answer_may_have_another_status_and_message()
    {
        ScriptedNode busy = StartNode(async call =>
        {
            await call.ReadBodyAsync();
            await call.SendAsync("HTTP/1.1 429 Full\r\nRetry-After: 3\r\nContent-Length: 7\r\n\r\nno room");
        });
        ScriptedNode well = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync([busy, well], "-busy-status=429,503", "-busy-message=no room");
        RawClient client = await ConnectAsync(fnlb);

        for (int i = 0; i < 20; i++)
        {
            Assert.That((await client.PostAsync($"/r/app/f{i}", "body")).Text, Is.EqualTo(well.Address));
        }

        Assert.That(busy.Calls, Is.Not.Empty);
    }

    [Test]
    public async Task A_node_that_loses_calls_is_ejected_though_its_checks_pass_and_a_check_readmits_it()
    {
        ScriptedNode sick = StartNode(Drop);
        ScriptedNode[] well = [StartNode(), StartNode()];
        FnlbProcess fnlb = await StartFnlbAsync([sick, .. well], "-outlier-time=1s", "-slow-start=0");
        RawClient client = await ConnectAsync(fnlb);

        for (int i = 0; sick.Calls.Count < 5; i++)
        {
            Assert.That((await client.GetAsync($"/r/app/f{i}")).Status, Is.EqualTo(200));
        }

        await fnlb.Admin.WaitForStateAsync(sick.Address, "offline");
        string why = await DetailsAsync(fnlb);
        int callsThen = sick.Calls.Count;
        string name = sick.Address;
        sick.Script = call => call.AnswerAsync(name);
        for (int i = 0; i < Functions; i++)
        {
            await client.GetAsync($"/r/app/g{i}");
        }

        int callsWhileOut = sick.Calls.Count - callsThen;
        await fnlb.Admin.WaitForStateAsync(sick.Address, "online");
        for (int i = 0; i < Functions; i++)
        {
            await client.GetAsync($"/r/app/h{i}");
        }

        Assert.That(why, Does.Contain("\"state\":\"ejected\"").And.Contain("could not connect or got no answer: 5"));
        Assert.That(why, Does.EndWith("\"panic\":false}\n"));
        Assert.That(callsWhileOut, Is.Zero);
        Assert.That(sick.Calls.Count, Is.GreaterThan(callsThen), "it takes calls again");
    }

    [Test]
    public async Task A_node_that_opens_tunnels_between_the_calls_it_loses_is_not_ejected()
    {
        const string upgrade = "GET /r/app/f HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";
        Task AnswerAsync(NodeCall call) => call.Method == "POST" ? Drop(call) : call.SendAsync(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
        ScriptedNode[] nodes = [StartNode(AnswerAsync), StartNode(AnswerAsync)];
        FnlbProcess fnlb = await StartFnlbAsync(nodes);
        RawClient client = await ConnectAsync(fnlb);

        for (int i = 0; i < 20; i++)
        {
            Assert.That((await client.PostAsync("/r/app/f", "body")).Status, Is.EqualTo(502));
            RawClient tunnel = await ConnectAsync(fnlb);
            await tunnel.SendAsync(upgrade);
            Assert.That((await tunnel.ReadAnswerAsync()).Status, Is.EqualTo(101));
            tunnel.Reset();
        }

        // One that is ejected gets no more calls for its function, which lives on one of the two.
        Assert.That(nodes.Select(node => node.Calls.Count), Is.EquivalentTo((int[])[40, 0]));
    }

    [Test]
    public async Task When_more_than_half_lose_calls_all_are_used_and_the_API_says_so()
    {
        ScriptedNode[] sick = [StartNode(Drop), StartNode(Drop)];
        ScriptedNode well = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync([.. sick, well], "-outlier-time=1h", "-outlier-time-max=1h");
        RawClient client = await ConnectAsync(fnlb);

        // One after the other would be ejected; POST is not repeated, so every function shows its home.
        bool panics = false;
        for (int i = 0; i < 2000 && !panics; i++)
        {
            _ = await client.PostAsync($"/r/app/f{i}", "body");
            panics = (await DetailsAsync(fnlb)).EndsWith("\"panic\":true}\n", StringComparison.Ordinal);
        }

        Assert.That(panics, Is.True);
        Assert.That((await MetricsAsync(fnlb))["fnlb_nodes_panic"], Is.EqualTo(1));
        Assert.That((await fnlb.Admin.NodesAsync()).Values, Is.All.EqualTo("online"));
        Assert.That(await DetailsAsync(fnlb), Does.Contain("used because too many nodes are out"));
    }

    [Test]
    public async Task A_node_whose_every_answer_is_a_5xx_is_ejected_only_when_asked_for([Values(0, 4)] int limit)
    {
        ScriptedNode sick = StartNode(async call =>
        {
            await call.ReadBodyAsync();
            await call.SendAsync("HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n");
        });
        FnlbProcess fnlb = await StartFnlbAsync([sick, StartNode()], $"-outlier-5xx={limit}");
        RawClient client = await ConnectAsync(fnlb);

        for (int i = 0; i < Functions; i++)
        {
            _ = await client.GetAsync($"/r/app/f{i}");
        }

        // The fixed number of calls is enough: the state follows within a moment, or not at all.
        await fnlb.Admin.WaitForStateAsync(sick.Address, limit == 0 ? "online" : "offline");
        string details = await DetailsAsync(fnlb);
        Assert.That(sick.Calls.Count, Is.GreaterThanOrEqualTo(4));
        Assert.That(details.Contains("answers of 5xx in a row: 4", StringComparison.Ordinal), Is.EqualTo(limit > 0));
    }

    private static Task Drop(NodeCall call)
    {
        call.Connection.Reset();
        return Task.CompletedTask;
    }

    private static async Task BusyAsync(NodeCall call, int seconds)
    {
        await call.ReadBodyAsync();
        const string body = "{\"message\":\"Timed out - server too busy\"}";
        await call.SendAsync(
            $"HTTP/1.1 503 Busy\r\nRetry-After: {seconds}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    private static async Task<string> DetailsAsync(FnlbProcess fnlb) =>
        (await fnlb.Admin.SendAsync(HttpMethod.Get, "/1/lb/nodes?verbose=true")).Body;

    private static async Task<PrometheusText> MetricsAsync(FnlbProcess fnlb) =>
        new((await fnlb.Admin.SendAsync(HttpMethod.Get, "/metrics")).Body);
}
