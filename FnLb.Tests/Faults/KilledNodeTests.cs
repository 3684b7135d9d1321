using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Faults;

/// <summary>A node dies under load.</summary>
public sealed class KilledNodeTests : EndToEndTest
{
    private const int Burst = 200;
    private const int Clients = 20;

    [Test]
    public async Task Every_answer_of_a_burst_is_200_while_one_of_two_nodes_is_killed()
    {
        // From its fifth call on the node leaves calls without an answer until three of them are in flight: then it
        // dies.
        ScriptedNode? dying = null;
        int unanswered = 0;
        dying = StartNode(async call =>
        {
            if (call.Number < 5)
            {
                await call.AnswerAsync("");
            }
            else if (Interlocked.Increment(ref unanswered) == 3)
            {
                dying!.Kill();
            }
            else
            {
                await call.Connection.ReadCloseAsync();
            }
        });

        // A death is to cost one repeat, and an event loop has no more than that beside a fifth of its calls.
        FnlbProcess fnlb =
            await StartFnlbAsync([dying, StartNode()], "--threads", "2", "--retries-per-second", "2");

        async Task<List<int>> CallAsync(int client)
        {
            RawClient connection = await ConnectAsync(fnlb);
            List<int> statuses = [];
            for (int i = 0; i < Burst / Clients; i++)
            {
                statuses.Add((await connection.GetAsync($"/r/app/f{client}-{i}")).Status);
            }

            return statuses;
        }

        List<int>[] statuses = await Task.WhenAll(Enumerable.Range(0, Clients).Select(CallAsync));

        Assert.That(unanswered, Is.GreaterThanOrEqualTo(3), "calls that were in flight when the node died");
        Assert.That(statuses.SelectMany(list => list).Count(), Is.EqualTo(Burst));
        Assert.That(statuses.SelectMany(list => list), Is.All.EqualTo(200));
    }

    [Test]
    public async Task All_calls_that_a_dying_node_holds_are_answered_by_the_other()
    {
        // More than the retry budget has for a second: one death takes them all, and cannot do so again.
        const int held = 30;
        ScriptedNode? dying = null;
        int arrived = 0;
        dying = StartNode(async call =>
        {
            if (Interlocked.Increment(ref arrived) == held)
            {
                dying!.Kill();
            }

            await call.Connection.ReadCloseAsync();
        });
        ScriptedNode other = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync([dying, other]);
        RawClient[] clients = await Task.WhenAll(Enumerable.Range(0, 8 * held).Select(_ => ConnectAsync(fnlb)));

        // Calls spread over routes until the dying node holds its share; those of the other are answered at once.
        int sent = 0;
        List<Task<WireResponse>> calls = [];
        while (Volatile.Read(ref arrived) < held && sent < clients.Length)
        {
            calls.Add(clients[sent].GetAsync($"/r/app/f{sent}"));
            sent++;
        }

        WireResponse[] answers = await Task.WhenAll(calls);

        Assert.That(arrived, Is.GreaterThanOrEqualTo(held), "calls the dying node held");
        Assert.That(answers.Select(answer => (answer.Status, answer.Text)), Is.All.EqualTo((200, other.Address)));
    }

    [Test]
    public async Task Every_POST_of_a_burst_is_200_after_one_of_two_nodes_was_killed()
    {
        ScriptedNode[] nodes = [StartNode(), StartNode()];
        FnlbProcess fnlb = await StartFnlbAsync(nodes);
        RawClient[] clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => ConnectAsync(fnlb)));
        await Task.WhenAll(clients.Select((client, i) => client.PostAsync($"/r/app/f{i}", "before")));

        nodes[0].Kill();
        WireResponse[] answers =
            await Task.WhenAll(clients.Select((client, i) => client.PostAsync($"/r/app/f{i}", "after")));

        Assert.That(nodes[0].Calls, Is.Not.Empty, "the killed node had taken calls");
        Assert.That(answers.Select(answer => (answer.Status, answer.Text)), Is.All.EqualTo((200, nodes[1].Address)));
    }
}
