using FnLb.Host.Demo;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Demo;

/// <summary>Sample nodes over HTTP: what a load balancer sees of them.</summary>
public sealed class SampleNodeTests
{
    private static readonly SampleFunction F = new("/r/app/f")
    {
        ColdStart = TimeSpan.FromMilliseconds(20),
        Duration = TimeSpan.Zero,
    };

    [Test]
    public async Task It_tells_its_version()
    {
        await using SampleNode node = await StartAsync(new SampleNodeOptions { Functions = [F] });
        using RawClient client = await ConnectAsync(node);

        Assert.That((await client.GetAsync("/version")).Text, Is.EqualTo("{\"version\":\"0.3.750\"}"));
    }

    [Test]
    public async Task The_first_call_of_a_function_waits_and_says_so_and_the_next_does_not()
    {
        await using SampleNode node = await StartAsync(new SampleNodeOptions { Functions = [F] });
        using RawClient client = await ConnectAsync(node);

        WireResponse cold = await client.PostAsync("/r/app/f", "{}");
        WireResponse warm = await client.PostAsync("/r/app/f", "{}");

        Assert.That(cold.Text, Does.Contain("\"start\":\"cold\""));
        Assert.That(cold.Head.Value("XXX-FXLB-WAIT"), Does.Match("^[0-9.]+ms$"));
        Assert.That(warm.Text, Does.Contain("\"start\":\"warm\""));
        Assert.That(warm.Head.Value("XXX-FXLB-WAIT"), Is.EqualTo("0s"));
    }

    [Test]
    public async Task The_wait_can_be_left_out_as_newer_nodes_do()
    {
        await using SampleNode node = await StartAsync(new SampleNodeOptions { Functions = [F], SendsWait = false });
        using RawClient client = await ConnectAsync(node);

        Assert.That((await client.GetAsync("/r/app/f")).Head.Has("XXX-FXLB-WAIT"), Is.False);
    }

    [Test]
    public async Task It_can_be_made_to_refuse_every_call_and_to_end_at_once()
    {
        await using SampleNode node = await StartAsync(new SampleNodeOptions { Functions = [F] });
        using RawClient client = await ConnectAsync(node);

        node.IsRefusing = true;
        int refused = (await client.GetAsync("/r/app/f")).Status;
        node.IsRefusing = false;
        int taken = (await client.GetAsync("/r/app/f")).Status;
        await node.KillAsync();

        Assert.That((refused, taken), Is.EqualTo((503, 200)));
        Assert.That(() => ConnectAsync(node), Throws.InstanceOf<System.Net.Sockets.SocketException>());
    }

    [Test]
    public async Task A_call_without_room_is_answered_as_Fn_answers_it()
    {
        await using SampleNode node = await StartAsync(new SampleNodeOptions { Functions = [F], QueueMax = 0 });
        using RawClient client = await ConnectAsync(node);

        WireResponse busy = await client.PostAsync("/r/app/f", "{}");

        Assert.That((busy.Status, busy.Head.Value("Retry-After")), Is.EqualTo((503, "15")));
        Assert.That(busy.Text, Is.EqualTo("{\"error\":{\"message\":\"Timed out - server too busy\"}}"));
    }

    [Test]
    public async Task A_path_that_is_no_function_is_not_found()
    {
        await using SampleNode node = await StartAsync(new SampleNodeOptions { Functions = [F] });
        using RawClient client = await ConnectAsync(node);

        WireResponse answer = await client.GetAsync("/r/app/g");

        Assert.That(answer.Status, Is.EqualTo(404));
        Assert.That(answer.Text, Is.EqualTo("{\"error\":{\"message\":\"Route not found\"}}"));
    }

    private static Task<SampleNode> StartAsync(SampleNodeOptions options) =>
        SampleNode.StartAsync(options, TimeProvider.System);

    private static Task<RawClient> ConnectAsync(SampleNode node) =>
        RawClient.ConnectAsync(new Uri($"http://{node.Address}").Port);
}
