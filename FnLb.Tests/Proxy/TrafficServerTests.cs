using FnLb.Core.Nodes;
using FnLb.Core.Proxy;
using FnLb.Core.Routing;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace FnLb.Tests.Proxy;

public sealed class TrafficServerTests
{
    [TestCase(0, 0)]
    [TestCase(1, 4)]
    [TestCase(10, 8)]
    [TestCase(100, 100)]
    public void Retries_a_second_are_shared_out_to_the_loops_one_for_each_at_least(int perSecond, int left)
    {
        NodeDirectory directory = new();
        ProxyOptions options = new() { Loops = 4, RetriesPerSecondMin = perSecond };
        using TrafficServer server = new(options, new Router(directory), directory, NullLoggerFactory.Instance);

        Assert.That(server.RetryBudgetLeft, Is.EqualTo(left));
    }
}
