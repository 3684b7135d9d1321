namespace FnLb.Benchmarks.Simulation;

/// <summary>What a run came to, after its warm-up.</summary>
/// <param name="Lost">
/// Beside <paramref name="Calls"/>, those that were on a node when it was killed: POSTs, which may have run and are not
/// sent again. A load balancer can only see to it that there are no more of them.
/// </param>
internal sealed record SimulationResult(
    IReadOnlyList<CallRecord> Calls, IReadOnlyList<ContainerSample> Samples, int Launches, int Lost)
{
    private readonly double[] _waits = [.. Calls.Where(call => !call.Failed).Select(call =>
        call.WaitMilliseconds).Order()];

    public double LaunchesPer100 => 100.0 * Launches / Calls.Count;

    public double MeanWaitMilliseconds => _waits.Average();

    public double P99WaitMilliseconds => Percentile(_waits, 0.99);

    public int Failures => Calls.Count - _waits.Length;

    /// <summary>Over the functions that have containers.</summary>
    public double NodesPerFunction => Samples.Average(sample => sample.Nodes);

    public static double Percentile(IReadOnlyList<double> ordered, double share) =>
        ordered.Count == 0 ? double.NaN : ordered[int.Min((int)(share * ordered.Count), ordered.Count - 1)];
}
