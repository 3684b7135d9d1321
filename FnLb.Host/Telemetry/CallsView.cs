namespace FnLb.Host.Telemetry;

/// <summary>All calls of this balancer at a glance; durations in seconds.</summary>
internal sealed record CallsView
{
    /// <summary>Calls that were answered in the last second.</summary>
    public required int PerSecond { get; init; }

    /// <summary>Of these, those with a 5xx of a node.</summary>
    public required int ErrorsPerSecond { get; init; }

    /// <summary>Our own answers in the last second because no node took the call, or the one that did failed.</summary>
    public required long FailedPerSecond { get; init; }

    public required int InFlight { get; init; }

    /// <summary>Of the last 5 to 10 seconds.</summary>
    public required double P50 { get; init; }

    /// <inheritdoc cref="P50"/>
    public required double P99 { get; init; }

    /// <inheritdoc cref="P50"/>
    public required double AddedP50 { get; init; }

    /// <inheritdoc cref="P50"/>
    public required double AddedP99 { get; init; }

    /// <inheritdoc cref="P50"/>
    public required double WaitP50 { get; init; }

    /// <inheritdoc cref="P50"/>
    public required double WaitP99 { get; init; }

    /// <summary>Share of the last second's calls with a known wait that waited for a start.</summary>
    public required double ColdShare { get; init; }

    /// <summary>Share of the last second's calls placed elsewhere than at home or where they are warm.</summary>
    public required double SpilledShare { get; init; }
}
