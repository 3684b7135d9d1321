namespace FnLb.Benchmarks.Throughput;

/// <summary>How a row is measured.</summary>
internal enum WorkKind
{
    /// <summary>Requests in a closed loop; CPU of the proxy for each.</summary>
    Load,

    /// <summary>Requests at 60 % of the reference's peak rate, in an open loop; what callers wait.</summary>
    Paced,

    /// <summary>
    /// As <see cref="Load"/>, for one event loop and for two that share the processors with the load.
    /// </summary>
    Loops,

    /// <summary>Resident memory of the proxy for each idle connection.</summary>
    IdleConnections,

    /// <summary>Time from the start of the proxy's process to its first answer from a node.</summary>
    FirstAnswer,
}
