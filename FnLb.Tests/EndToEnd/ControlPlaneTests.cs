using System.Net;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>Draining, weights, metrics: what an operator does with nodes beyond adding and removing them.</summary>
public sealed class ControlPlaneTests : EndToEndTest
{
    private const string Nodes = "/1/lb/nodes";
    private const int Clients = 8;

    [Test]
    public async Task A_rolling_drain_of_all_nodes_fails_no_call()
    {
        ScriptedNode[] nodes = [StartNode(), StartNode(), StartNode()];
        FnlbProcess fnlb = await StartFnlbAsync(nodes, "-slow-start=0");
        using CancellationTokenSource stop = new();
        Task<List<int>>[] clients =
            [.. Enumerable.Range(0, Clients).Select(client => CallUntilAsync(fnlb, client, stop.Token))];
        List<int> takenWhileDraining = [];

        foreach (ScriptedNode node in nodes)
        {
            await ChangeAsync(fnlb, node, "\"state\":\"draining\"");
            await Eventually.HoldsAsync(
                async () => (await DetailsAsync(fnlb)).Contains($"\"{node.Address}\":{{\"state\":\"online\","
                    + "\"administrative\":\"draining\",\"weight\":1,\"rankWeight\":1,\"inFlight\":0,",
                    StringComparison.Ordinal),
                "nothing is in flight there");
            int calls = node.Calls.Count;
            int others = nodes.Where(other => other != node).Sum(other => other.Calls.Count);
            await Eventually.HoldsAsync(
                () => nodes.Where(other => other != node).Sum(other => other.Calls.Count) > others + 200,
                "calls go on");
            takenWhileDraining.Add(node.Calls.Count - calls);
            await ChangeAsync(fnlb, node, "\"state\":\"active\"");
        }

        await stop.CancelAsync();
        List<int>[] statuses = await Task.WhenAll(clients);

        Assert.That(takenWhileDraining, Is.All.Zero);
        Assert.That(statuses.SelectMany(list => list), Is.Not.Empty.And.All.EqualTo(200));
    }

    [Test]
    public async Task A_call_in_flight_ends_at_a_node_that_is_deleted_with_a_drain()
    {
        TaskCompletionSource mayAnswer = new();
        ScriptedNode node = StartNode(async call =>
        {
            await mayAnswer.Task;
            await call.AnswerAsync("finished");
        });
        FnlbProcess fnlb = await StartFnlbAsync(node);
        RawClient client = await ConnectAsync(fnlb);
        await client.SendAsync("POST /r/app/f HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n1");
        await Eventually.HoldsAsync(() => node.Calls.Count == 1, "the call is at the node");

        Task<(HttpStatusCode, string)> deletion = fnlb.Admin.SendAsync(
            HttpMethod.Delete, $"{Nodes}?drain=8s", $$"""{"node":"{{node.Address}}"}""");
        await Eventually.HoldsAsync(
            async () => (await DetailsAsync(fnlb)).Contains("draining: no new calls", StringComparison.Ordinal),
            "it drains");
        bool wasEarly = deletion.IsCompleted;
        mayAnswer.SetResult();
        string answer = (await client.ReadAnswerAsync("POST")).Text;

        Assert.That(await deletion, Is.EqualTo((HttpStatusCode.OK, "{\"msg\":\"node deleted\"}\n")));
        Assert.That((wasEarly, answer), Is.EqualTo((false, "finished")));
        Assert.That(await fnlb.Admin.NodesAsync(), Is.Empty);
    }

    [Test]
    public async Task State_and_weight_survive_a_restart_and_reach_other_balancers_on_the_same_file()
    {
        string file = Folder.In("nodes.db");
        ScriptedNode[] nodes = [StartNode(), StartNode()];
        string[] flags = [$"-db=sqlite3://{file}", "-hc-interval=200ms", "-slow-start=0"];
        FnlbProcess first = await StartFnlbAsync(nodes, flags);
        FnlbProcess second = await StartFnlbAsync(nodes, flags);
        await ChangeAsync(first, nodes[0], "\"state\":\"draining\",\"weight\":2.5");
        string expected = $"\"{nodes[0].Address}\":{{\"state\":\"online\","
            + "\"administrative\":\"draining\",\"weight\":2.5,";
        await Eventually.HoldsAsync(
            async () => (await DetailsAsync(second)).Contains(expected, StringComparison.Ordinal),
            "the other knows");

        ExpectExit(first);
        first.Signal(Signals.Terminate);
        await first.WaitForExitAsync(TimeSpan.FromSeconds(10));
        FnlbProcess restarted = await StartFnlbAsync(nodes, flags);
        RawClient client = await ConnectAsync(restarted);
        for (int i = 0; i < 50; i++)
        {
            Assert.That((await client.GetAsync($"/r/app/f{i}")).Text, Is.EqualTo(nodes[1].Address));
        }

        Assert.That(await DetailsAsync(restarted), Does.Contain(expected));
    }

    [Test]
    public async Task A_weight_moves_the_share_of_functions_that_it_should()
    {
        ScriptedNode[] nodes = [StartNode(), StartNode()];
        FnlbProcess fnlb = await StartFnlbAsync(nodes);
        await ChangeAsync(fnlb, nodes[0], "\"weight\":4");
        RawClient client = await ConnectAsync(fnlb);

        const int functions = 2000;
        for (int i = 0; i < functions; i++)
        {
            await client.GetAsync($"/r/app/f{i}");
        }

        // Four of five; ports, and so ranks, differ from run to run: 0.05 are more than five standard deviations.
        Assert.That(nodes[0].Calls.Count / (double)functions, Is.EqualTo(0.8).Within(0.05));
    }

    [Test]
    public async Task A_node_that_joins_later_starts_with_a_tenth_of_its_share()
    {
        ScriptedNode[] nodes = [StartNode(), StartNode()];
        FnlbProcess fnlb = await StartFnlbAsync(nodes[0], "-slow-start=10m");
        await fnlb.Admin.AddAsync(nodes[1].Address);
        await fnlb.Admin.WaitForStateAsync(nodes[1].Address, "online");
        RawClient client = await ConnectAsync(fnlb);

        const int functions = 2000;
        for (int i = 0; i < functions; i++)
        {
            await client.GetAsync($"/r/app/f{i}");
        }

        Assert.That(nodes[1].Calls.Count / (double)functions, Is.EqualTo(0.1 / 1.1).Within(0.04));
        string details = await DetailsAsync(fnlb);
        Assert.That(details, Does.Contain("\"rankWeight\":0.1,").And.Contain("slow start: 10% of its weight"));
    }

    [Test]
    public async Task The_metrics_tell_what_happened()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node);
        RawClient client = await ConnectAsync(fnlb);
        await client.GetAsync("/r/app/f");
        await client.PostAsync("/r/app/f", "x");

        PrometheusText metrics = await MetricsAsync(fnlb);

        Assert.That(metrics["fnlb_requests_total"], Is.EqualTo(2));
        Assert.That(metrics["fnlb_answers_total{class=2xx}"], Is.EqualTo(2));
        Assert.That(metrics["fnlb_nodes{state=online}"], Is.EqualTo(1));
        Assert.That(metrics["fnlb_client_connections_open"], Is.GreaterThanOrEqualTo(1));
    }

    private static async Task<string> DetailsAsync(FnlbProcess fnlb) =>
        (await fnlb.Admin.SendAsync(HttpMethod.Get, $"{Nodes}?verbose=true")).Body;

    private static async Task<PrometheusText> MetricsAsync(FnlbProcess fnlb) =>
        new((await fnlb.Admin.SendAsync(HttpMethod.Get, "/metrics")).Body);

    private static async Task ChangeAsync(FnlbProcess fnlb, ScriptedNode node, string fields)
    {
        (HttpStatusCode status, string body) = await fnlb.Admin.SendAsync(
            HttpMethod.Put, Nodes, $"{{\"node\":\"{node.Address}\",{fields}}}");
        Assert.That((status, body), Is.EqualTo((HttpStatusCode.OK, "{\"msg\":\"node changed\"}\n")));
    }

    private async Task<List<int>> CallUntilAsync(FnlbProcess fnlb, int client, CancellationToken stop)
    {
        RawClient connection = await ConnectAsync(fnlb);
        List<int> statuses = [];
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            string path = $"/r/app/f{client}-{i % 16}";
            WireResponse answer = i % 2 == 0 ? await connection.GetAsync(path) : await connection.PostAsync(path, "x");
            statuses.Add(answer.Status);
        }

        return statuses;
    }
}
