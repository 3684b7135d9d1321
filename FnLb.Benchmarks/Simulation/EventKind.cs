namespace FnLb.Benchmarks.Simulation;

/// <summary>What may happen at a time in the simulated cluster.</summary>
internal enum EventKind
{
    /// <summary>A container has started.</summary>
    ContainerReady,

    /// <summary>A call has run.</summary>
    CallEnds,

    /// <summary>A container was idle for as long as it is kept.</summary>
    IdleEnds,

    /// <summary>An idle container may be evicted, which a call waits for.</summary>
    EvictionDue,

    /// <summary>A call has waited for as long as a node lets it.</summary>
    WaitEnds,

    /// <summary>Something goes wrong with a node.</summary>
    Disturbance,

    /// <summary>Once a second the containers are counted.</summary>
    Sample,
}
