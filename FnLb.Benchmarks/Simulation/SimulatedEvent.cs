namespace FnLb.Benchmarks.Simulation;

/// <summary>Something that happens at a time.</summary>
/// <param name="Number">
/// Idle period of the container, attempt of the call, or number of the disturbance: tells whether the event is
/// still meant.
/// </param>
internal readonly record struct SimulatedEvent(EventKind Kind, int Number)
{
    public SimulatedContainer? Container { get; init; }

    public SimulatedCall? Call { get; init; }

    public SimulatedNode? Node { get; init; }
}
