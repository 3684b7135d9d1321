namespace FnLb.Core.Telemetry;

/// <summary>The rows of one second; immutable.</summary>
/// <param name="UnixSecond">When it began.</param>
public sealed record StatsSecond(long UnixSecond, IReadOnlyList<StatsRow> Rows);
