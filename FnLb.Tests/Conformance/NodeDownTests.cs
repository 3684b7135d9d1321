using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>What a client hears when no node answers: RFC 9110 sections 15.6.3 to 15.6.5.</summary>
public sealed class NodeDownTests : EndToEndTest
{
    [Test]
    public async Task B140_Without_a_node_a_call_is_503_with_a_time_to_retry()
    {
        RawClient client = await ConnectAsync(await StartFnlbAsync([]));

        WireResponse answer = await client.GetAsync("/");

        Assert.That((answer.Status, answer.Head.Value("Retry-After")), Is.EqualTo((503, "1")));
        Assert.That(answer.Text, Does.Match(ErrorBody));
    }

    [Test]
    public async Task B140_A_node_that_refuses_connections_is_503()
    {
        ScriptedNode node = StartNode();
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));
        node.Kill();

        WireResponse answer = await client.PostAsync("/", "body");

        Assert.That((answer.Status, answer.Head.Value("Retry-After")), Is.EqualTo((503, "1")));
    }

    [Test]
    public async Task B140_A_node_that_resets_is_502_for_what_may_have_run()
    {
        ScriptedNode node = StartNode(async call =>
        {
            await call.ReadBodyAsync();
            call.Connection.Reset();
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node));

        Assert.That((await client.PostAsync("/", "body")).Status, Is.EqualTo(502));
    }

    [Test]
    public async Task B140_A_node_that_does_not_read_a_body_is_504()
    {
        TaskCompletionSource done = new();
        ScriptedNode node = StartNode(async call =>
        {
            await done.Task;
            call.Connection.Close();
        });
        RawClient client = await ConnectAsync(await StartFnlbAsync(node, "--stall-timeout=1s"));
        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n");
        Task sending = client.SendAsync(Payload.Random(50_000_000));

        WireResponse answer = await client.ReadAnswerAsync();
        done.SetResult();

        Assert.That((answer.Status, answer.Head.Value("Connection")), Is.EqualTo((504, "close")));
        client.Dispose();
        await Task.WhenAny(sending);
    }
}
