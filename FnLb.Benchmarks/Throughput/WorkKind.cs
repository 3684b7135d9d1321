namespace FnLb.Benchmarks.Throughput;

/// <summary>How a row is measured.</summary>
internal enum WorkKind
{
    /// <summary>Requests in a closed loop; CPU of the proxy for each.</summary>
    Load,

    /// <summary>Resident memory of the proxy for each idle connection.</summary>
    IdleConnections,

    /// <summary>Time from the start of the proxy's process to its first answer from a node.</summary>
    FirstAnswer,
}
