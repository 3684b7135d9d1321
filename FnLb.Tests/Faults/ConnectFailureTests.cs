using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Faults;

/// <summary>Nodes that cannot be connected to.</summary>
public sealed class ConnectFailureTests : EndToEndTest
{
    [Test]
    public async Task A_call_whose_node_refuses_goes_to_the_next_node([Values("GET", "POST")] string method)
    {
        ScriptedNode[] nodes = [StartNode(), StartNode(), StartNode()];
        RawClient client = await ConnectAsync(await StartFnlbAsync(nodes));
        string home = (await client.CallAsync(method, "/r/app/f", "hello")).Text;
        nodes.Single(node => node.Address == home).Kill();

        WireResponse answer = await client.CallAsync(method, "/r/app/f", "hello");

        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That(answer.Text, Is.Not.EqualTo(home));
        ScriptedNode other = nodes.Single(node => node.Address == answer.Text);
        Assert.That(await other.Calls.Single().ReadBodyAsync(), Is.EqualTo("hello"u8.ToArray()));
    }

    [Test]
    public async Task A_call_walks_the_whole_ring_until_a_node_takes_it()
    {
        ScriptedNode[] nodes = [.. Enumerable.Range(0, 5).Select(_ => StartNode())];
        RawClient client = await ConnectAsync(await StartFnlbAsync(nodes));
        foreach (ScriptedNode node in nodes[1..])
        {
            node.Kill();
        }

        for (int i = 0; i < 20; i++)
        {
            WireResponse answer = await client.PostAsync($"/r/app/f{i}", "body");
            Assert.That((answer.Status, answer.Text), Is.EqualTo((200, nodes[0].Address)));
        }
    }

    [Test]
    public async Task A_node_that_does_not_answer_a_connect_costs_the_call_the_connect_timeout_and_no_more()
    {
        ScriptedNode[] nodes = [StartNode(), StartNode()];
        FnlbProcess fnlb = await StartFnlbAsync(nodes, "--connect-timeout=400ms");
        RawClient client = await ConnectAsync(fnlb);
        string home = (await client.CallAsync("GET /r/app/f HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).Text;
        ScriptedNode gone = nodes.Single(node => node.Address == home);
        await gone.IgnoreConnectsAsync();
        gone.Calls.Single().Connection.Reset();

        WireResponse answer = await (await ConnectAsync(fnlb)).GetAsync("/r/app/f");

        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That(answer.Text, Is.Not.EqualTo(home));
    }

    [Test]
    public async Task Without_a_node_the_client_is_told_to_come_back_in_a_second()
    {
        FnlbProcess fnlb = await StartFnlbAsync([]);

        WireResponse answer = await (await ConnectAsync(fnlb)).GetAsync("/r/app/f");
        WireResponse next = await (await ConnectAsync(fnlb)).PostAsync("/r/app/f", "body");
        RawClient client = await ConnectAsync(fnlb);
        WireResponse head = await client.CallAsync("HEAD /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.That((answer.Status, next.Status, head.Status), Is.EqualTo((503, 503, 503)));
        Assert.That(answer.Head.Value("Retry-After"), Is.EqualTo("1"));
        Assert.That(answer.Text, Does.Match(ErrorBody));
        Assert.That(answer.Head.Value("Content-Type"), Does.StartWith("application/json"));
        Assert.That(head.Body, Is.Empty);
    }
}
