using FnLb.Core.Proxy;
using FnLb.Core.Routing;
using FnLb.Core.Telemetry;
using NUnit.Framework;

namespace FnLb.Tests.Proxy;

public sealed class PlacementCounterTests
{
    [Test]
    public void Every_reason_has_a_counter_of_its_own_among_the_placements()
    {
        Counter[] counters = [.. Enum.GetValues<PlacementReason>().Select(PlacementCounter.Of)];

        Assert.That(counters, Is.Unique);
        Assert.That(CounterCatalog.All.Where(info => counters.Contains(info.Counter)).Select(info => info.Name),
            Is.All.EqualTo("fnlb_placements_total"));
    }
}
