namespace FnLb.Host.Telemetry;

/// <summary>The last minute, as the original wrote it.</summary>
internal sealed record StatsAnswer(IReadOnlyList<StatsAnswerRow> Stats);
