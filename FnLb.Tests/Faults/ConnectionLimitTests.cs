using System.Net.Sockets;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Faults;

/// <summary>
/// --max-connections: the client that has been idle longest makes room, and when none is idle a new one gets 503.
/// </summary>
public sealed class ConnectionLimitTests : EndToEndTest
{
    private const int Limit = 20;

    [Test]
    public async Task The_client_that_has_been_idle_longest_is_closed_for_a_new_one()
    {
        FnlbProcess fnlb = await StartAsync(StartNode());
        List<RawClient> clients = [];
        for (int i = 0; i < Limit; i++)
        {
            clients.Add(await ConnectAsync(fnlb));
            Assert.That((await clients[i].GetAsync("/")).Status, Is.EqualTo(200));
        }

        // The first is now the one that was used last.
        await clients[0].GetAsync("/");
        RawClient late = await ConnectAsync(fnlb);

        Assert.That((await late.GetAsync("/")).Status, Is.EqualTo(200));
        Assert.That(await clients[1].ReadCloseAsync(), Is.EqualTo(ConnectionEnd.Closed));
        Assert.That((await clients[0].GetAsync("/")).Status, Is.EqualTo(200));
        Assert.That((await clients[2].GetAsync("/")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task While_new_clients_go_on_to_come_those_make_room_that_have_been_idle_longest_by_then()
    {
        FnlbProcess fnlb = await StartAsync(StartNode());
        List<RawClient> clients = [];
        for (int i = 0; i < 3 * Limit; i++)
        {
            clients.Add(await ConnectAsync(fnlb));
            Assert.That((await clients[i].GetAsync("/")).Status, Is.EqualTo(200));
            if (i >= Limit)
            {
                Assert.That(await clients[i - Limit].ReadCloseAsync(), Is.EqualTo(ConnectionEnd.Closed));
            }
        }

        // The one whose turn it would be now is used once more.
        Assert.That((await clients[^Limit].GetAsync("/")).Status, Is.EqualTo(200));
        await ConnectAsync(fnlb);
        Assert.That(await clients[^(Limit - 1)].ReadCloseAsync(), Is.EqualTo(ConnectionEnd.Closed));
        Assert.That((await clients[^Limit].GetAsync("/")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_client_that_never_asked_for_anything_is_idle_too()
    {
        FnlbProcess fnlb = await StartAsync(StartNode());
        List<RawClient> silent = [];
        for (int i = 0; i < Limit; i++)
        {
            silent.Add(await ConnectAsync(fnlb));
        }

        RawClient late = await ConnectAsync(fnlb);

        Assert.That((await late.GetAsync("/")).Status, Is.EqualTo(200));
        Assert.That(await silent[0].ReadCloseAsync(), Is.EqualTo(ConnectionEnd.Closed));
    }

    [Test]
    public async Task When_all_are_busy_a_new_client_gets_503_and_those_who_are_there_go_on()
    {
        TaskCompletionSource mayAnswer = new();
        ScriptedNode node = StartNode(async call =>
        {
            await mayAnswer.Task;
            await call.AnswerAsync("done");
        });
        FnlbProcess fnlb = await StartAsync(node);
        List<Task<WireResponse>> calls = [];
        for (int i = 0; i < Limit; i++)
        {
            calls.Add((await ConnectAsync(fnlb)).GetAsync("/"));
        }

        await Eventually.HoldsAsync(() => node.Calls.Count == Limit, "all are busy");
        RawClient late = await ConnectAsync(fnlb);
        WireResponse refusal = await late.ReadAnswerAsync();
        await late.ReadCloseAsync();
        mayAnswer.SetResult();
        WireResponse[] answers = await Task.WhenAll(calls);

        Assert.That((refusal.Status, refusal.Head.Value("Connection")), Is.EqualTo((503, "close")));
        Assert.That(refusal.Head.Value("Retry-After"), Is.EqualTo("1"));
        Assert.That(refusal.Text, Does.Match(ErrorBody));
        Assert.That(answers.Select(answer => answer.Text), Is.All.EqualTo("done"));
        Assert.That((await (await ConnectAsync(fnlb)).GetAsync("/")).Text, Is.EqualTo("done"));
    }

    [Test]
    public async Task Clients_in_the_middle_of_a_head_are_busy_until_their_time_is_over()
    {
        FnlbProcess fnlb = await StartAsync(StartNode(), "--head-timeout=2s");
        for (int i = 0; i < Limit; i++)
        {
            RawClient client = await ConnectAsync(fnlb);
            await client.GetAsync("/");
            await client.SendAsync("GET / HTTP/1.1\r\nX");
        }

        Assert.That(await StatusAsync(), Is.EqualTo(503));
        await Eventually.HoldsAsync(async () => await StatusAsync() == 200, "there is room again");

        async Task<int> StatusAsync()
        {
            using RawClient client = await RawClient.ConnectAsync(fnlb.Port);
            return (await client.GetAsync("/")).Status;
        }
    }

    [Test]
    public async Task A_storm_of_new_clients_does_not_pile_up()
    {
        TaskCompletionSource mayAnswer = new();
        ScriptedNode node = StartNode(async call =>
        {
            await mayAnswer.Task;
            await call.AnswerAsync("done");
        });
        FnlbProcess fnlb = await StartAsync(node);
        for (int i = 0; i < Limit; i++)
        {
            await (await ConnectAsync(fnlb)).SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        }

        await Eventually.HoldsAsync(() => node.Calls.Count == Limit, "all are busy");
        int descriptorsBefore = fnlb.Descriptors;
        for (int i = 0; i < 500; i++)
        {
            try
            {
                await ConnectAsync(fnlb);
            }
            catch (SocketException)
            {
                // There is not even time to tell why.
            }
        }

        await Eventually.HoldsAsync(
            () => fnlb.Descriptors - descriptorsBefore < Limit * 2, "those who were turned away are closed");
        mayAnswer.SetResult();
    }

    private Task<FnlbProcess> StartAsync(ScriptedNode node, params string[] flags) =>
        StartFnlbAsync(node, ["--threads=1", $"--max-connections={Limit}", .. flags]);
}
