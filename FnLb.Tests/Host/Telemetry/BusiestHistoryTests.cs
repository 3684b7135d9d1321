using System.Text;
using FnLb.Core.Routing;
using FnLb.Core.Telemetry;
using FnLb.Host.Telemetry;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Host.Telemetry;

public sealed class BusiestHistoryTests
{
    private const int CallsASecond = 20;

    [Test]
    public void A_node_and_a_function_have_a_mean_of_ten_seconds_for_each_second()
    {
        FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeSeconds(1_000_000));
        LoopMeter meter = new(time, topMax: 1);
        NodeMeter node = meter.AddNode("a:1");
        FunctionMeter function = meter.Admit(RouteKey.Of("/f"u8).Hash, Encoding.ASCII.GetBytes("/f"));
        long now = 0;
        for (int second = 0; second < 5; second++)
        {
            for (int call = 0; call < CallsASecond; call++)
            {
                meter.Record(Call(function, node), now);
            }

            time.Advance(TimeSpan.FromSeconds(1));
            now += TimeSpan.NanosecondsPerTick * TimeSpan.TicksPerSecond;
            meter.RollIfDue(now);
        }

        BusiestHistory history = BusiestHistory.Of(View(meter), 1_000_004);

        Assert.That(history.Nodes.Select(line => line.Name), Is.EqualTo((string[])["a:1"]));
        Assert.That(history.Functions.Select(line => line.Name), Is.EqualTo((string[])["/f"]));
        double[] expected = [0, 2, 4, 6, 8, 10];
        Assert.That(history.Nodes[0].CallsPerSecond.TakeLast(expected.Length), Is.EqualTo(expected).Within(1e-9));
        Assert.That(history.Functions[0].WaitMean[^1], Is.EqualTo(0.001).Within(1e-9));
        Assert.That(history.Functions[0].WaitMean[0], Is.Null);
    }

    private static CallRecord Call(FunctionMeter function, NodeMeter node) => new()
    {
        Function = function,
        Node = node,
        Status = 200,
        TotalNanoseconds = 2_000_000,
        AtNodeNanoseconds = 1_990_000,
        AddedNanoseconds = 10_000,
        WaitNanoseconds = 1_000_000,
        IsCold = false,
        IsSpilled = false,
    };

    private static TrafficView View(LoopMeter meter) => new()
    {
        Read = _ => 0,
        Clients = () => 0,
        RetryBudgetLeft = () => 0,
        Bytes = () => default,
        Meters = [meter],
    };
}
