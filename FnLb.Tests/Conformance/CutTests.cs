using System.Globalization;
using FnLb.Core.Proxy;
using FnLb.Core.Telemetry;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>Random cuts on both sides, in volume: no answer is ever paired with another request.</summary>
/// <remarks>FNLB_CUT_EXCHANGES sets the number of exchanges; docs/http.md tells what a million gave.</remarks>
public sealed class CutTests
{
    private const int Lanes = 32;
    private const int Nodes = 3;

    [Test]
    public async Task B71_B90_B94_B95_With_cuts_at_random_every_answer_belongs_to_its_request()
    {
        string? asked = Environment.GetEnvironmentVariable("FNLB_CUT_EXCHANGES");
        long exchanges = asked is null ? 100_000 : long.Parse(asked, CultureInfo.InvariantCulture);
        CutNode[] nodes = [.. Enumerable.Range(0, Nodes).Select(seed => new CutNode(seed))];
        await using LoopbackBalancer balancer = new(
            new ProxyOptions { Loops = 2, LingerTimeout = TimeSpan.FromMilliseconds(200) },
            [.. nodes.Select(node => node.Port)]);
        CutLoad load = new(balancer.Port);

        await load.RunAsync(Lanes, exchanges);

        TestContext.Out.WriteLine(
            $"{load.Exchanges} exchanges: {load.Answered} answered, {load.CutByClient} cut by the client, "
            + $"{load.CutElsewhere} cut or answered otherwise, {load.Mispaired} mispaired; "
            + $"{balancer.Read(Counter.NodeConnectionsReused)} on a node connection used before, "
            + $"{balancer.Read(Counter.NodeConnectionsWithUnsolicitedBytes)} node connections dropped for "
                + $"surplus bytes");
        Assert.That(load.FirstMispaired, Is.Null);
        Assert.That(load.Mispaired, Is.Zero);
        Assert.That(nodes.Select(node => node.Fault), Is.All.Null);
        Assert.That(nodes.Sum(node => node.ForeignBodies), Is.Zero);
        Assert.That(load.Answered, Is.GreaterThan(exchanges / 2), "the run is about pairs, so there have to be some");
        Array.ForEach(nodes, node => node.Dispose());
    }
}
