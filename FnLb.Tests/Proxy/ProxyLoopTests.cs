using FnLb.Core.Nodes;
using FnLb.Core.Proxy;
using FnLb.Core.Routing;
using FnLb.Core.Transport;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace FnLb.Tests.Proxy;

public sealed class ProxyLoopTests
{
    /// <summary>A new list for each of them would take 4 MB, and a pause of the loop.</summary>
    [Test]
    public void A_thousand_nodes_leave_at_once()
    {
        const int nodes = 1_000;
        NodeDirectory directory = new();
        _ = directory.Apply([.. Enumerable.Range(0, nodes + 1).Select(EntryOf)]);
        using EventLoop loop = new(0, stagingBytes: 1024, NullLogger.Instance);
        ProxyLoop proxy = new(loop, new ProxyOptions(), new Router(directory), directory, NullLogger.Instance);
        foreach (Node node in directory.Nodes)
        {
            // There is no way to a group address, so nothing is opened.
            Assert.That(proxy.TryConnect(node, isFresh: false, mayRepeat: true, out _, out _), Is.False);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        proxy.KeepOnly([directory.Nodes[0]]);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(proxy.Pools.Single().Node, Is.EqualTo(directory.Nodes[0]));
        Assert.That(proxy.Meter.Nodes.Single().Name, Is.EqualTo(directory.Nodes[0].Address.Text));
        Assert.That(allocated, Is.LessThan(nodes * 200));
    }

    private static NodeEntry EntryOf(int index) => Entries.Of($"224.0.{index / 250}.{index % 250}:80");
}
