namespace FnLb.Benchmarks.Drive;

/// <summary>How the calls of an open loop are spread over time.</summary>
internal enum ArrivalKind
{
    /// <summary>The same gap between any two: as wrk2 and h2load send them.</summary>
    Constant,

    /// <summary>Exponential gaps, as calls of many independent users have: some come together.</summary>
    Poisson,
}
