namespace FnLb.Benchmarks.Scaling;

/// <summary>What was advised at a time.</summary>
/// <param name="AtSeconds">Since the first call could have been due.</param>
/// <param name="Recommended">Nodes.</param>
/// <param name="DemandCalls">Calls that run at once, as the advice has it.</param>
/// <param name="CapacityCalls">As learned, of the nodes that are there.</param>
internal sealed record AdvisedSecond(double AtSeconds, int Recommended, double DemandCalls, double CapacityCalls)
{
    public required string Reason { get; init; }
}
