namespace FnLb.Host.Demo;

/// <summary>The calls of one window; latencies in milliseconds, 0 without calls.</summary>
internal readonly record struct CallSummary(int Calls, int Failures, double P50Milliseconds, double P99Milliseconds);
