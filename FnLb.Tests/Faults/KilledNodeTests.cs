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
        ScriptedNode[] nodes = [StartNode(), StartNode()];
        FnlbProcess fnlb = await StartFnlbAsync(nodes);
        int answered = 0;
        TaskCompletionSource killNow = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task killing = killNow.Task.ContinueWith(_ => nodes[0].Kill(), TaskScheduler.Default);

        async Task<List<int>> CallAsync(int client)
        {
            RawClient connection = await ConnectAsync(fnlb);
            List<int> statuses = [];
            for (int i = 0; i < Burst / Clients; i++)
            {
                statuses.Add((await connection.GetAsync($"/r/app/f{client}-{i}")).Status);
                if (Interlocked.Increment(ref answered) == Burst / 2)
                {
                    killNow.SetResult();
                }
            }

            return statuses;
        }

        List<int>[] statuses = await Task.WhenAll(Enumerable.Range(0, Clients).Select(CallAsync));
        await killing;

        Assert.That(nodes[0].Calls, Is.Not.Empty, "the killed node had taken calls");
        Assert.That(statuses.SelectMany(list => list).Count(), Is.EqualTo(Burst));
        Assert.That(statuses.SelectMany(list => list), Is.All.EqualTo(200));
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
