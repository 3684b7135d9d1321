namespace FnLb.Benchmarks.Throughput;

/// <summary>What the load generator counted.</summary>
/// <param name="Errors">Connections that failed, timeouts, and answers other than 2xx.</param>
internal readonly record struct LoadResult(
    long Requests, double Seconds, long Errors, double P50Milliseconds, double P99Milliseconds);
