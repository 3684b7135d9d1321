using FnLb.Benchmarks.Simulation;

namespace FnLb.Benchmarks.Scaling;

/// <summary>A load that changes, and what the advice on scaling has to make of it.</summary>
/// <param name="DoublesAtSeconds">When the load doubles; null when there are bursts instead.</param>
/// <param name="HalvesAtSeconds">When it is as before again.</param>
internal sealed record ScalingScenario(Scenario Cluster, double? DoublesAtSeconds, double? HalvesAtSeconds)
{
    public const double Target = 0.7;

    private const double GrowSeconds = 15;
    private const double ShrinkSeconds = 120;
    private const int NodesOff = 1;

    private static readonly Scenario Ten = new("10 nodes") { Nodes = 10, Slots = [16], Functions = 60 };

    /// <summary>The load is twice as high for a while.</summary>
    public static ScalingScenario Step { get; } = Doubling(Ten with { Name = "10 nodes, 50 to 100 %", Used = 0.5 });

    /// <summary>As <see cref="Step"/>, but no node is ever full.</summary>
    public static ScalingScenario LightStep { get; } =
        Doubling(Ten with { Name = "10 nodes, 35 to 70 %", Used = 0.35 });

    /// <summary>Bursts that the nodes have room for.</summary>
    public static ScalingScenario Bursts { get; } =
        Bursting(Ten with { Name = "10 nodes, 35 %, bursts to 70 %", Used = 0.35 });

    /// <summary>Bursts that fill all nodes.</summary>
    public static ScalingScenario FullBursts { get; } =
        Bursting(Ten with { Name = "10 nodes, 50 %, bursts to 100 %", Used = 0.5 });

    public static IReadOnlyList<ScalingScenario> All { get; } = [Step, LightStep, Bursts, FullBursts];

    /// <summary>Nodes that would keep to the target with what a trace brings in some seconds, were all warm.</summary>
    public int NeedBetween(Trace trace, double fromSeconds, double toSeconds)
    {
        double running = trace.Calls
            .Where(call => call.AtMicroseconds >= fromSeconds * 1e6 && call.AtMicroseconds < toSeconds * 1e6)
            .Sum(call => call.DurationMicroseconds) / (1e6 * (toSeconds - fromSeconds));
        return (int)Math.Ceiling(running / (Target * Cluster.SlotsTotal / Cluster.Nodes));
    }

    /// <summary>What became of each promise, in a line that says "held" or "missed".</summary>
    public IEnumerable<string> Judge(Trace trace, IReadOnlyList<AdvisedSecond> seconds)
    {
        if (DoublesAtSeconds is double doubles && HalvesAtSeconds is double halves)
        {
            yield return Judge(trace, seconds, "the load doubled", doubles, GrowSeconds);
            yield return Judge(trace, seconds, "the load halved", halves, ShrinkSeconds);
            yield break;
        }

        double settled = Cluster.LoadChanges[0].AtSeconds;
        int[] advised = [.. seconds.Where(second => second.AtSeconds >= settled).Select(second => second.Recommended)];
        string verdict = advised.Max() - advised.Min() <= NodesOff ? "held" : "missed";
        yield return $"{verdict}: {advised.Min()} to {advised.Max()} nodes advised while there are bursts, "
            + $"{NeedBetween(trace, settled - GrowSeconds, settled)} needed without";
    }

    private string Judge(
        Trace trace, IReadOnlyList<AdvisedSecond> seconds, string what, double fromSeconds, double withinSeconds)
    {
        int need = NeedBetween(trace, fromSeconds, fromSeconds + withinSeconds);
        AdvisedSecond then = At(fromSeconds + withinSeconds);
        string verdict = int.Abs(then.Recommended - need) <= NodesOff ? "held" : "missed";
        return $"{verdict}: {withinSeconds} s after {what}, {then.Recommended} nodes advised, {need} needed"
            + $" ({At(fromSeconds).Recommended} before)";

        AdvisedSecond At(double at) => seconds.Last(second => second.AtSeconds <= at);
    }

    private static ScalingScenario Doubling(Scenario cluster) => new(
        cluster with { Seconds = 300, LoadChanges = [new LoadChange(120, 2), new LoadChange(160, 1)] }, 120, 160);

    // Every half minute twice the load for 5 s.
    private static ScalingScenario Bursting(Scenario cluster) => new(
        cluster with
        {
            Seconds = 360,
            LoadChanges =
            [
                .. Enumerable.Range(7, 5).SelectMany(number => (LoadChange[])
                [
                    new LoadChange(30 * number, 2),
                    new LoadChange((30 * number) + 5, 1),
                ]),
            ],
        },
        null,
        null);
}
