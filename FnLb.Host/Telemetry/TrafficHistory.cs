using FnLb.Core.Telemetry;

namespace FnLb.Host.Telemetry;

/// <summary>The last minute in one row for each second, whatever node or function.</summary>
/// <remarks>One thread adds, any thread reads.</remarks>
internal sealed class TrafficHistory
{
    private volatile HistorySecond[] _seconds = [];

    /// <summary>Oldest first, those without calls included.</summary>
    public IReadOnlyList<HistorySecond> Seconds => _seconds;

    /// <summary>All of it in one row.</summary>
    public StatsRow LastMinute => Sum(_seconds.Select(second => second.Row));

    /// <summary>The last second of which everything is known (Unix time); 0 before the first.</summary>
    public long LastSecond => _seconds is [.., { } last] ? last.UnixSecond : 0;

    /// <summary>All of that second in one row.</summary>
    public StatsRow LastRow => _seconds is [.., { } last] ? last.Row : default;

    /// <inheritdoc cref="HistorySecond"/>
    public long FailedLastSecond => _seconds is [.., { } last] ? last.Failed : 0;

    public static StatsRow Sum(IEnumerable<StatsRow> rows) =>
        rows.Aggregate(new StatsRow("", ""), (sum, row) => sum.Plus(row));

    /// <summary>Adds seconds that have ended, oldest first, and forgets what is not of the minute before.</summary>
    /// <remarks>What is later than they are has come from a clock that was set back since.</remarks>
    public void Add(IReadOnlyList<HistorySecond> seconds) => _seconds =
    [
        .. _seconds.Where(kept => kept.UnixSecond > seconds[^1].UnixSecond - StatsWindow.SecondsMax
            && kept.UnixSecond < seconds[0].UnixSecond),
        .. seconds,
    ];
}
