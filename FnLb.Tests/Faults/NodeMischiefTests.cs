using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Faults;

/// <summary>Nodes that answer, but not as they should.</summary>
public sealed class NodeMischiefTests : FaultTest
{
    [Test]
    public async Task Nodes_that_close_idle_connections_at_random_cost_no_call()
    {
        EchoNode[] nodes = StartNodes(2, new NodeMischief { IdleMillisecondsMax = 50 });
        FnlbProcess fnlb = await StartFnlbAsync(nodes);

        // Pauses within the same range: connections are idle for about as long as they live.
        await MeasureAsync("nodes close idle connections after 1-50 ms", fnlb, Promise.NoCallFails, LastAsync, 1_500);

        Assert.That(nodes.Sum(node => node.IdleCloses), Is.GreaterThan(100), "connections the nodes closed");
    }

    [Test]
    public async Task A_storm_of_refusals_costs_no_call_while_one_node_has_room()
    {
        EchoNode[] nodes = StartNodes(3, new NodeMischief());
        FnlbProcess fnlb = await StartFnlbAsync(nodes);

        await MeasureAsync("two of three nodes refuse 90 % of the calls as busy", fnlb, Promise.NoCallFails, async () =>
        {
            nodes[0].Mischief = nodes[1].Mischief = new NodeMischief { BusyShare = 0.9 };
            await LastAsync();
            nodes[0].Mischief = nodes[1].Mischief = new NodeMischief();
        });

        Assert.That(nodes.Sum(node => node.Refusals), Is.GreaterThan(100), "calls that nodes refused");
    }

    [Test]
    public async Task An_answer_that_a_node_cuts_never_looks_complete()
    {
        EchoNode[] nodes = StartNodes(2, new NodeMischief());
        FnlbProcess fnlb = await StartFnlbAsync(nodes);

        SteadyLoad load = await MeasureAsync(
            "nodes reset 5 % of the answers in the middle", fnlb, Promise.NoAnswerLooksComplete, async () =>
            {
                nodes[0].Mischief = nodes[1].Mischief = new NodeMischief { CutShare = 0.05 };
                await LastAsync();
                nodes[0].Mischief = nodes[1].Mischief = new NodeMischief();
            });

        int failed = load.FailedGets + load.FailedPosts;
        Assert.That(failed, Is.EqualTo(nodes.Sum(node => node.Cuts)), "no call but those whose answers were cut");
    }

    private EchoNode[] StartNodes(int count, NodeMischief mischief) =>
        [.. Enumerable.Range(0, count).Select(_ => Own(EchoNode.Start(mischief)))];
}
