namespace FnLb.Benchmarks.Throughput;

/// <summary>What the load generator counted.</summary>
/// <param name="Requests">All that were answered, those of a warm-up included: what the proxy's CPU was for.</param>
/// <param name="Errors">Connections that failed, timeouts, and answers other than 2xx.</param>
internal readonly record struct LoadResult(
    long Requests, double Seconds, long Errors, double P50Milliseconds, double P99Milliseconds)
{
    /// <summary>Answers in each second of the load proper.</summary>
    public double RequestsPerSecond { get; init; } = Requests / Seconds;

    /// <summary>CPU of the generator while it ran; 0 where it does not tell.</summary>
    public double GeneratorCpuSeconds { get; init; }

    /// <summary>How long it ran, with its warm-up.</summary>
    public double WholeSeconds { get; init; } = Seconds;

    /// <summary>How late the generator itself was with 99 of 100 calls; 0 where it does not tell.</summary>
    public double LateP99Milliseconds { get; init; }
}
