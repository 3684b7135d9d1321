namespace FnLb.Host.Telemetry;

/// <summary>What the advice on scaling is drawn from: one second of this load balancer.</summary>
internal sealed record ScaleSample
{
    /// <summary>Nodes that take calls.</summary>
    public required int Nodes { get; init; }

    /// <summary>Calls at once that they start without delay, summed as learned.</summary>
    public required double CapacityCalls { get; init; }

    /// <summary>Nodes were so full once that calls waited, so that the capacity is no lower bound but known.</summary>
    public required bool IsCapacityKnown { get; init; }

    /// <summary>Calls that arrived in the second.</summary>
    public required double Arrivals { get; init; }

    /// <summary>Calls that ended in it.</summary>
    public required double Ended { get; init; }

    /// <summary>How long these ran in their container, summed; where waits are unknown, waiting included.</summary>
    public required double RunSeconds { get; init; }

    /// <summary>How long these waited at their nodes before that, summed.</summary>
    public required double WaitSeconds { get; init; }

    /// <summary>Calls at nodes when it ended.</summary>
    public required int InFlight { get; init; }

    /// <summary>Placements in it, and of these those that found no node with room, or none at all.</summary>
    public required double Placements { get; init; }

    /// <inheritdoc cref="Placements"/>
    public required double Crowded { get; init; }

    /// <summary>Calls in it whose wait is known, and of these those that waited for a start.</summary>
    public required double Waits { get; init; }

    /// <inheritdoc cref="Waits"/>
    public required double Cold { get; init; }

    /// <summary>Recent share of the calls sent to a warm container that found it evicted.</summary>
    public required double EvictedShare { get; init; }
}
