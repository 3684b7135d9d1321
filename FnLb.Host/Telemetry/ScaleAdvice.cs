namespace FnLb.Host.Telemetry;

/// <summary>How many nodes the cluster should have, and why; what <c>GET /1/lb/scale</c> answers.</summary>
internal sealed record ScaleAdvice
{
    /// <summary>Nodes that take calls now.</summary>
    public required int Nodes { get; init; }

    /// <summary>Nodes that there should be; null until enough was measured to judge.</summary>
    public required int? Recommended { get; init; }

    /// <summary>The share of the capacity that should be used: <c>-scale-target</c>.</summary>
    public required double Target { get; init; }

    /// <summary>The share of the learned capacity that is used.</summary>
    public required double Utilisation { get; init; }

    /// <summary>By how much the utilisation changes in a minute, at the pace of the last one.</summary>
    public required double TrendPerMinute { get; init; }

    /// <summary>Calls that run at once.</summary>
    public required double DemandCalls { get; init; }

    /// <summary>Calls at once that the nodes start without delay, as learned.</summary>
    public required double CapacityCalls { get; init; }

    /// <summary>False while no node was ever full: the capacity is then what it is at the least.</summary>
    public required bool IsCapacityKnown { get; init; }

    /// <summary>More calls a second that could be served at full use; of the present mix of functions.</summary>
    public required double HeadroomCallsPerSecond { get; init; }

    /// <summary>Share of the recent placements that found no node with room.</summary>
    public required double CrowdedShare { get; init; }

    /// <summary>Share of the recent calls that waited for a container to start.</summary>
    public required double ColdShare { get; init; }

    /// <summary>The advice in a sentence.</summary>
    public required string Reason { get; init; }
}
