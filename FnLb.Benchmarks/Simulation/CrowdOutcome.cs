namespace FnLb.Benchmarks.Simulation;

/// <summary>How the function of a flash crowd fared.</summary>
/// <param name="P99WaitMilliseconds">Of its calls from 5 s after the start of the crowd until its end.</param>
/// <param name="NodesBefore">Nodes that its calls went to, in the 15 s before it.</param>
/// <param name="NodesDuring">In the last 5 s of it.</param>
/// <param name="NodesAfter">From 15 s after its end on, for 5 s.</param>
internal readonly record struct CrowdOutcome(
    double P99WaitMilliseconds, int NodesBefore, int NodesDuring, int NodesAfter)
{
    private const double SettleSeconds = 5;
    private const double ReturnSeconds = 15;

    public static CrowdOutcome Of(FlashCrowd crowd, IReadOnlyList<CallRecord> calls)
    {
        CallRecord[] own = [.. calls.Where(call => call.Function == crowd.Function && !call.Failed)];
        double[] waits = [.. Within(crowd.FromSeconds + SettleSeconds, crowd.ToSeconds)
            .Select(call => call.WaitMilliseconds)
            .Order()];
        double back = crowd.ToSeconds + ReturnSeconds;
        return new CrowdOutcome(
            SimulationResult.Percentile(waits, 0.99),
            Nodes(crowd.FromSeconds - ReturnSeconds, crowd.FromSeconds),
            Nodes(crowd.ToSeconds - SettleSeconds, crowd.ToSeconds),
            Nodes(back, back + SettleSeconds));

        int Nodes(double from, double to) => Within(from, to).Select(call => call.Node).Distinct().Count();

        IEnumerable<CallRecord> Within(double from, double to) =>
            own.Where(call => call.AtSeconds >= from && call.AtSeconds < to);
    }
}
