namespace FnLb.Benchmarks.Simulation;

/// <summary>How one measured call went.</summary>
/// <param name="WaitMilliseconds">From its arrival at the load balancer until it ran; NaN when it never did.</param>
internal readonly record struct CallRecord(double AtSeconds, int Function, int Node, double WaitMilliseconds)
{
    public bool Failed => double.IsNaN(WaitMilliseconds);
}
