namespace FnLb.Benchmarks.Simulation;

/// <summary>One call as every policy gets it.</summary>
internal readonly record struct TracedCall(long AtMicroseconds, int Function, int Balancer, long DurationMicroseconds);
