using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>Many clients at once.</summary>
public sealed class ConcurrencyTests : EndToEndTest
{
    private const int Clients = 2000;

    [Test]
    public async Task Two_thousand_clients_are_in_flight_together_and_each_gets_its_own_answer()
    {
        TaskCompletionSource allArrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int arrived = 0;
        async Task AnswerWhenAllArrived(NodeCall call)
        {
            if (Interlocked.Increment(ref arrived) == Clients)
            {
                allArrived.SetResult();
            }

            await allArrived.Task.WaitAsync(TimeSpan.FromSeconds(30));
            await call.AnswerAsync(call.Target);
        }

        ScriptedNode[] nodes = [StartNode(AnswerWhenAllArrived), StartNode(AnswerWhenAllArrived)];
        FnlbProcess fnlb = await StartFnlbAsync(nodes);

        WireResponse[] answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async i =>
        {
            RawClient client = await ConnectAsync(fnlb);
            await client.SendAsync($"GET /r/app/f{i} HTTP/1.1\r\nHost: a\r\n\r\n");
            await allArrived.Task.WaitAsync(TimeSpan.FromSeconds(30));
            return await client.ReadAnswerAsync();
        }));

        Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(200));
        string[] expected = [.. Enumerable.Range(0, Clients).Select(i => $"/r/app/f{i}")];
        Assert.That(answers.Select(answer => answer.Text), Is.EqualTo(expected));
    }
}
