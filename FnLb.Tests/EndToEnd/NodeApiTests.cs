using System.Net;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>The node API, as scripts written for the original use it, and its effect on traffic.</summary>
public sealed class NodeApiTests : EndToEndTest
{
    private const string Nodes = "/1/lb/nodes";

    [Test]
    public async Task A_node_added_while_it_runs_takes_calls_and_a_removed_one_none()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync([]);
        RawClient client = await ConnectAsync(fnlb);
        int before = (await client.GetAsync("/r/app/f")).Status;

        string added = (await fnlb.Admin.AddAsync(node.Address)).Body;
        await fnlb.Admin.WaitForStateAsync(node.Address, "online");
        int during = (await client.GetAsync("/r/app/f")).Status;

        string removed = (await fnlb.Admin.RemoveAsync(node.Address)).Body;
        int after = (await client.GetAsync("/r/app/f")).Status;

        Assert.That((before, during, after), Is.EqualTo((503, 200, 503)));
        Assert.That(added.TrimEnd(), Is.EqualTo("{\"msg\":\"node added\"}"));
        Assert.That(removed.TrimEnd(), Is.EqualTo("{\"msg\":\"node deleted\"}"));
    }

    [Test]
    public async Task Adding_twice_and_removing_twice_are_no_errors()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node);

        HttpStatusCode[] answers =
        [
            (await fnlb.Admin.AddAsync(node.Address)).Status, (await fnlb.Admin.AddAsync(node.Address)).Status,
            (await fnlb.Admin.RemoveAsync(node.Address)).Status, (await fnlb.Admin.RemoveAsync(node.Address)).Status,
        ];

        Assert.That(answers, Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(await fnlb.Admin.NodesAsync(), Is.Empty);
    }

    [Test]
    public async Task The_list_tells_online_from_offline_in_the_shape_of_the_original()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node);
        string dead = $"127.0.0.1:{FreePort.Next()}";
        await fnlb.Admin.AddAsync(dead);
        await fnlb.Admin.WaitForStateAsync(dead, "offline");

        (HttpStatusCode status, string body) = await fnlb.Admin.SendAsync(HttpMethod.Get, Nodes);

        string[] rows = [$"\"{node.Address}\":\"online\"", $"\"{dead}\":\"offline\""];
        Array.Sort(rows, StringComparer.Ordinal);
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(body.TrimEnd(), Is.EqualTo($"{{\"nodes\":{{{string.Join(',', rows)}}}}}"));
    }

    [TestCase("not json")]
    [TestCase("{\"node\":\"\"}")]
    [TestCase("{\"node\":\"a b:80\"}")]
    [TestCase("{\"node\":\"10.0.0.1\"}")]
    [TestCase("{\"node\":\"10.0.0.1:99999\"}")]
    public async Task A_body_that_names_no_node_is_refused_with_the_reason(string body)
    {
        FnlbProcess fnlb = await StartFnlbAsync([]);

        (HttpStatusCode status, string answer) = await fnlb.Admin.SendAsync(HttpMethod.Put, Nodes, body);

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer, Does.Match("^\\{\"msg\":\".+\"\\}\\s*$"));
        Assert.That(await fnlb.Admin.NodesAsync(), Is.Empty);
    }

    [Test]
    public async Task Another_method_is_refused_and_told_which_ones_are_allowed()
    {
        FnlbProcess fnlb = await StartFnlbAsync([]);
        RawClient client = Own(await RawClient.ConnectAsync(fnlb.AdminPort));

        WireResponse answer =
            await client.CallAsync($"POST {Nodes} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");

        Assert.That(answer.Status, Is.EqualTo(405));
        Assert.That(answer.Head.Value("Allow"), Is.EqualTo("GET, PUT, DELETE"));
    }

    [Test]
    public async Task Any_other_path_on_the_admin_listener_is_an_unknown_command()
    {
        FnlbProcess fnlb = await StartFnlbAsync([]);

        (HttpStatusCode status, string body) = await fnlb.Admin.SendAsync(HttpMethod.Get, "/r/app/f");

        Assert.That((status, body.TrimEnd()), Is.EqualTo((HttpStatusCode.NotFound, "{\"msg\":\"unknown command\"}")));
    }

    [Test]
    public async Task Admin_paths_on_the_traffic_listener_are_ordinary_calls()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node);

        WireResponse answer = await (await ConnectAsync(fnlb)).GetAsync(Nodes);

        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, node.Address)));
    }

    [TestCase("127.0.0.1:{0}", "127.0.0.1:{0}")]
    [TestCase(":{0}", "0.0.0.0:{0}")]
    public async Task One_address_for_both_serves_admin_paths_in_front_of_the_traffic(string listen, string mgmtListen)
    {
        ScriptedNode node = StartNode();
        int port = FreePort.Next();
        string[] flags =
            ["-listen", string.Format(null, listen, port), "-mgmt-listen", string.Format(null, mgmtListen, port)];
        FnlbProcess fnlb = Own(FnlbProcess.Launch(port, port, flags));
        await fnlb.WaitUntilListeningAsync();

        await fnlb.Admin.AddAsync(node.Address);
        await fnlb.Admin.WaitForStateAsync(node.Address, "online");
        WireResponse call = await (await ConnectAsync(fnlb)).GetAsync("/r/app/f");

        Assert.That((call.Status, call.Text), Is.EqualTo((200, node.Address)));
    }
}
