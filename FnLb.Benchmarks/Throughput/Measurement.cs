namespace FnLb.Benchmarks.Throughput;

/// <summary>One proxy, one row, one round. What a kind of row does not measure is 0.</summary>
internal sealed record Measurement
{
    /// <summary>Microseconds of CPU for each request; the figure that the ratio compares in rows with load.</summary>
    public double CpuMicroseconds => UserMicroseconds + SystemMicroseconds;

    public double UserMicroseconds { get; init; }

    public double SystemMicroseconds { get; init; }

    public double RequestsPerSecond { get; init; }

    public double P50Milliseconds { get; init; }

    public double P99Milliseconds { get; init; }

    /// <summary>How late the load generator itself was with 99 of 100 calls of an open loop.</summary>
    public double LateP99Milliseconds { get; init; }

    public long Errors { get; init; }

    /// <summary>
    /// How busy nodes and load generator were, of the processors that they have: near 1 they are the limit. Of wrk only
    /// the nodes count.
    /// </summary>
    public double LoadBusyShare { get; init; }

    /// <summary>Bytes for each idle connection.</summary>
    public double BytesPerConnection { get; init; }

    public double FirstAnswerMilliseconds { get; init; }

    /// <summary>The figure of this kind of row that proxies are compared by; lower is better.</summary>
    public double Compared(WorkKind kind) => kind switch
    {
        WorkKind.IdleConnections => BytesPerConnection,
        WorkKind.Paced => P50Milliseconds,
        WorkKind.FirstAnswer => FirstAnswerMilliseconds,
        _ => CpuMicroseconds,
    };
}
