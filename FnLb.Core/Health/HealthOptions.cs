namespace FnLb.Core.Health;

/// <summary>How nodes are checked and what changes their state. The defaults are those of the original.</summary>
public sealed record HealthOptions
{
    /// <summary>From one check of a node to its next; checks of different nodes are spread over it.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Limit of one check from connect to the last byte; a name lookup before it has as much.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Path of the check, with its leading slash.</summary>
    public string Path { get; init; } = "/version";

    /// <summary>Failures in a row that take an online node out.</summary>
    public int FailuresToOffline { get; init; } = 2;

    /// <summary>Successes in a row that bring an offline node back.</summary>
    public int SuccessesToOnline { get; init; } = 1;

    /// <summary>A node that reports a lower version fails its check; null accepts any 2xx answer.</summary>
    public SemanticVersion? VersionMin { get; init; } = new(0, 0, 235);

    public OutlierOptions Outliers { get; init; } = new();
}
