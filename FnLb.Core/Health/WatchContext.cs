using FnLb.Core.Nodes;
using Microsoft.Extensions.Logging;

namespace FnLb.Core.Health;

/// <summary>What all watches share.</summary>
internal sealed record WatchContext
{
    public required HealthOptions Options { get; init; }

    public required HealthProbe Probe { get; init; }

    public required NameLookup Lookup { get; init; }

    public required NodeDirectory Directory { get; init; }

    public required OutlierDetector Outliers { get; init; }

    /// <summary>Timestamp of <see cref="Time"/> that the schedules count from.</summary>
    public required long Origin { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }
}
