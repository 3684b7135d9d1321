using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Faults;

/// <summary>Nodes that close the connections they are not called on.</summary>
public sealed class IdleCloseTests : FaultTest
{
    [Test]
    public async Task Nodes_that_close_idle_connections_at_random_cost_no_call()
    {
        NodeMischief mischief = new() { IdleMillisecondsMax = 50 };
        EchoNode[] nodes = [Own(EchoNode.Start(mischief)), Own(EchoNode.Start(mischief))];
        FnlbProcess fnlb = await StartFnlbAsync(nodes);

        // Pauses within the same range: connections idle for about as long as they live.
        await MeasureAsync("nodes close idle connections after 1-50 ms", fnlb, Promise.NoCallFails, LastAsync, 1_500);

        Assert.That(nodes.Sum(node => node.IdleCloses), Is.GreaterThan(100), "connections the nodes closed");
    }
}
