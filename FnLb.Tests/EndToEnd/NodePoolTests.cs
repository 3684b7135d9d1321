using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>Connections to nodes: kept, used last in first out, and never used when they are not surely idle.</summary>
public sealed class NodePoolTests : EndToEndTest
{
    [Test]
    public async Task The_connection_used_last_is_used_first()
    {
        TaskCompletionSource bothArrived = new();
        ScriptedNode node = StartNode(async call =>
        {
            if (call.Target == "/together")
            {
                if (call.Number == 1)
                {
                    bothArrived.SetResult();
                }

                await bothArrived.Task;
            }

            await call.AnswerAsync("");
        });
        FnlbProcess fnlb = await StartFnlbAsync(node, "--threads=1");
        RawClient a = await ConnectAsync(fnlb);
        RawClient b = await ConnectAsync(fnlb);
        await Task.WhenAll(a.GetAsync("/together"), b.GetAsync("/together"));

        for (int i = 0; i < 10; i++)
        {
            await a.GetAsync("/alone");
        }

        int[] alone = [.. node.Calls.Where(call => call.Target == "/alone").Select(call => call.Connection.Number)];
        Assert.That(alone.Distinct().Count(), Is.EqualTo(1));
        Assert.That(node.Calls.Select(call => call.Connection.Number).Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task An_idle_connection_is_closed_after_the_idle_time()
    {
        ScriptedNode node = StartNode();
        RawClient client = await ConnectAsync(await StartFnlbAsync(node, "--node-idle-timeout=300ms"));

        await client.GetAsync("/r/app/f");

        Assert.That(node.ConnectionsOpenWithCalls, Is.EqualTo(1));
        await Eventually.HoldsAsync(() => node.ConnectionsOpenWithCalls == 0, "closed", TimeSpan.FromSeconds(3));
        Assert.That((await client.GetAsync("/r/app/f")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_node_that_announces_five_seconds_is_left_four_seconds_earlier()
    {
        ScriptedNode node = StartNode(call => call.AnswerAsync("", "Keep-Alive: timeout=5\r\n"));
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        WireResponse answer = await client.GetAsync("/r/app/f");

        Assert.That(answer.Head.Has("Keep-Alive"), Is.False);
        Assert.That(node.ConnectionsOpenWithCalls, Is.EqualTo(1));
        await Eventually.HoldsAsync(() => node.ConnectionsOpenWithCalls == 0, "closed", TimeSpan.FromSeconds(3));
    }

    [Test]
    public async Task A_connection_that_the_node_does_not_keep_leaves_no_port_behind_that_waits()
    {
        TaskCompletionSource<ConnectionEnd> end = new();
        ScriptedNode node = StartNode(async call =>
        {
            await call.AnswerAsync("all", "Connection: close\r\n");
            end.SetResult(await call.Connection.ReadCloseAsync());
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        WireResponse answer = await client.PostAsync("/r/app/f", "body");

        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, "all")));
        Assert.That(await end.Task, Is.EqualTo(ConnectionEnd.Reset));
    }

    [Test]
    public async Task Bytes_on_an_idle_connection_close_it_and_reach_nobody()
    {
        ScriptedNode node = StartNode(async call =>
        {
            await call.AnswerAsync($"{call.Number}");
            if (call.Number == 0)
            {
                await call.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
            }
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        string first = (await client.GetAsync("/r/app/f")).Text;
        await Eventually.HoldsAsync(() => node.ConnectionsOpenWithCalls == 0, "the connection was closed");
        string second = (await client.GetAsync("/r/app/f")).Text;

        Assert.That((first, second), Is.EqualTo(("0", "1")));
        Assert.That(node.Calls.Select(call => call.Connection.Number).Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task Bytes_behind_an_answer_are_no_second_answer()
    {
        ScriptedNode node = StartNode(call => call.SendAsync(
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"));
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        for (int i = 0; i < 5; i++)
        {
            Assert.That((await client.GetAsync("/r/app/f")).Text, Is.EqualTo("ok"));
        }

        Assert.That(node.Calls.Select(call => call.Connection.Number).Distinct().Count(), Is.EqualTo(5));
    }

    [Test]
    public async Task A_node_that_says_close_is_not_used_again_although_it_stays_open()
    {
        ScriptedNode node = StartNode(call => call.AnswerAsync("", "Connection: close\r\n"));
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        WireResponse first = await client.GetAsync("/r/app/f");
        WireResponse second = await client.GetAsync("/r/app/f");

        Assert.That((first.Status, second.Status), Is.EqualTo((200, 200)));
        Assert.That(first.Head.Has("Connection"), Is.False, "the client's connection is not the node's");
        Assert.That(node.Calls.Select(call => call.Connection.Number).Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_connection_whose_answer_the_client_abandoned_is_closed()
    {
        ScriptedNode node = StartNode(async call =>
        {
            await call.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfirst");
            await call.Connection.ReadCloseAsync();
            call.Connection.Close();
        });
        FnlbProcess fnlb = await StartFnlbAsync(node);
        RawClient client = await ConnectAsync(fnlb);

        await client.SendAsync("GET /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n");
        await client.ReadHeadAsync();
        client.Reset();

        await Eventually.HoldsAsync(
            () => node.ConnectionsOpenWithCalls == 0, "the node learned of it", TimeSpan.FromSeconds(1));
    }
}
