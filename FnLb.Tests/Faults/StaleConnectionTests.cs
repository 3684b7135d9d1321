using System.Collections.Concurrent;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Faults;

/// <summary>Reused connections that turn out to be dead.</summary>
public sealed class StaleConnectionTests : EndToEndTest
{
    [Test]
    public async Task A_connection_that_the_node_closed_while_idle_is_not_used([Values("GET", "POST")] string method)
    {
        ScriptedNode node = StartNode(async call =>
        {
            await call.AnswerAsync("");
            call.Connection.Close();
        });
        FnlbProcess fnlb = await StartFnlbAsync(node, "--threads=1");
        RawClient client = await ConnectAsync(fnlb);

        for (int i = 0; i < 20; i++)
        {
            WireResponse answer = await client.CallAsync(method, "/r/app/f", "body");
            Assert.That(answer.Status, Is.EqualTo(200));
            await Eventually.HoldsAsync(() => node.ConnectionsOpenWithCalls == 0, "the node has closed");
        }
    }

    [Test]
    public async Task An_idempotent_call_on_a_connection_that_dies_goes_to_another_connection(
        [Values("GET", "PUT", "DELETE")] string method, [Values] bool isReset)
    {
        ScriptedNode node = StartNode(DieOnSecondCallAsync(isReset));
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));
        await client.GetAsync("/first");

        WireResponse answer = await client.CallAsync(method, "/r/app/f", "body");

        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, "third")));
        Assert.That(await node.Calls.Last().ReadBodyAsync(), Is.EqualTo("body"u8.ToArray()));
        Assert.That(node.Calls.Select(call => call.Connection.Number).Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task However_many_connections_die_when_they_are_used_again_no_idempotent_call_fails()
    {
        ConcurrentDictionary<int, bool> used = new();
        ScriptedNode node = StartNode(async call =>
        {
            if (used.TryAdd(call.Connection.Number, true))
            {
                await call.AnswerAsync("");
            }
            else
            {
                call.Connection.Reset();
            }
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));
        List<int> statuses = [];

        for (int i = 0; i < 100; i++)
        {
            statuses.Add((await client.GetAsync("/r/app/f")).Status);
        }

        Assert.That(statuses, Is.All.EqualTo(200));
        Assert.That(node.Calls, Has.Count.GreaterThan(150), "most were sent twice");
    }

    [Test]
    public async Task Calls_that_are_repeated_for_free_give_nothing_back_to_the_budget()
    {
        ConcurrentDictionary<int, bool> used = new();
        ScriptedNode node = StartNode(async call =>
        {
            if (used.TryAdd(call.Connection.Number, true))
            {
                await call.AnswerAsync("");
            }
            else
            {
                call.Connection.Reset();
            }
        });
        FnlbProcess fnlb = await StartFnlbAsync(node, "--threads=1", "--retries-per-second=3");
        RawClient client = await ConnectAsync(fnlb);
        for (int i = 0; i < 40; i++)
        {
            await client.GetAsync("/r/app/f");
        }

        PrometheusText metrics = new((await fnlb.Admin.SendAsync(HttpMethod.Get, "/metrics")).Body);
        Assert.That(metrics["fnlb_retries_total{reason=lost_connection}"], Is.GreaterThan(15), "calls repeated");
        Assert.That(metrics["fnlb_retry_budget_calls"], Is.LessThanOrEqualTo(3));
    }

    [Test]
    public async Task A_POST_whose_bytes_have_left_is_not_sent_twice([Values] bool isReset)
    {
        ScriptedNode node = StartNode(DieOnSecondCallAsync(isReset));
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));
        await client.GetAsync("/first");

        WireResponse answer = await client.PostAsync("/r/app/f", "body");

        Assert.That(answer.Status, Is.EqualTo(502));
        Assert.That(answer.Text, Does.Match(ErrorBody));
        Assert.That(node.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_POST_takes_a_used_connection_once_the_node_was_seen_to_keep_one_for_a_second()
    {
        ScriptedNode node = StartNode();
        RawClient client = await ConnectAsync(await StartFnlbAsync(node, "--threads=1"));
        for (int call = 0; call < 10; call++)
        {
            await client.PostAsync("/r/app/f", "body");
        }

        Assert.That(Connections().Distinct().Count(), Is.EqualTo(10), "connections of the first calls");
        await Eventually.HoldsAsync(
            async () =>
            {
                await client.PostAsync("/r/app/f", "body");
                return Connections() is [.., int one, int other] && one == other;
            },
            "two calls in a row have the same connection");

        int[] Connections() => [.. node.Calls.Select(call => call.Connection.Number)];
    }

    [Test]
    public async Task A_call_that_fails_on_the_other_connection_too_is_not_tried_a_third_time()
    {
        ScriptedNode node = StartNode(async call =>
        {
            if (call.Number == 0)
            {
                await call.AnswerAsync("");
            }
            else
            {
                call.Connection.Close();
            }
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));
        await client.GetAsync("/first");

        WireResponse answer = await client.GetAsync("/r/app/f");

        Assert.That(answer.Status, Is.EqualTo(502));
        Assert.That(node.Calls, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_call_whose_answer_has_begun_is_never_sent_again()
    {
        ScriptedNode node = StartNode(async call =>
        {
            if (call.Number == 0)
            {
                await call.AnswerAsync("");
                return;
            }

            await call.SendAsync("HTTP/1.1 200");
            call.Connection.Close();
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));
        await client.GetAsync("/first");

        WireResponse answer = await client.GetAsync("/r/app/f");

        Assert.That((answer.Status, node.Calls.Count), Is.EqualTo((502, 2)));
    }

    private static Func<NodeCall, Task> DieOnSecondCallAsync(bool isReset) => async call =>
    {
        await call.ReadBodyAsync();
        switch (call.Number)
        {
            case 0:
                await call.AnswerAsync("first");
                break;
            case 1 when isReset:
                call.Connection.Reset();
                break;
            case 1:
                call.Connection.Close();
                break;
            default:
                await call.AnswerAsync("third");
                break;
        }
    };
}
