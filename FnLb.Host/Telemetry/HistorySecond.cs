using FnLb.Core.Telemetry;

namespace FnLb.Host.Telemetry;

/// <summary>All calls of one second in one row.</summary>
/// <param name="Failed">Answers of our own because no node took the call, or the one that did failed.</param>
/// <param name="P50">Of the 5 to 10 seconds up to it, in seconds; 0 without calls.</param>
/// <param name="P99">As <paramref name="P50"/>.</param>
internal sealed record HistorySecond(long UnixSecond, StatsRow Row, long Failed, double P50, double P99);
