namespace FnLb.Core.Health;

/// <summary>When live traffic takes a node out although its checks pass, and for how long.</summary>
public sealed record OutlierOptions
{
    /// <summary>
    /// Calls in a row that could not connect or lost their connection before an answer; 0 ejects no node for that. Five
    /// are no coincidence, and few enough that callers hardly notice.
    /// </summary>
    public int FailuresToEject { get; init; } = 5;

    /// <summary>
    /// Answers of 5xx in a row; 0, the default, ejects no node for that: a 5xx is most often the function's own, and
    /// would be so on every node.
    /// </summary>
    public int ServerErrorsToEject { get; init; }

    /// <summary>How long the first ejection lasts; each further one twice as long.</summary>
    public TimeSpan EjectionMin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>No ejection lasts longer.</summary>
    public TimeSpan EjectionMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Share of the nodes that may be out at once, 0 to 1. When more are, the traffic or the network is the likelier
    /// cause, and those left would only be overrun.
    /// </summary>
    public double OutShareMax { get; init; } = 0.5;

    /// <summary>Time in service that makes up for one ejection before: the next is shorter by one step.</summary>
    public TimeSpan HealthyPeriod { get; init; } = TimeSpan.FromMinutes(1);
}
