using FnLb.Core.Telemetry;

namespace FnLb.Host.Telemetry;

/// <summary>All calls of one second in one row.</summary>
/// <param name="Failed">Answers of our own because no node took the call, or the one that did failed.</param>
internal sealed record HistorySecond(long UnixSecond, StatsRow Row, long Failed);
