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

    public StatsRow LastSecond => _seconds is [.., { } last] ? last.Row : default;

    /// <inheritdoc cref="HistorySecond"/>
    public long FailedLastSecond => _seconds is [.., { } last] ? last.Failed : 0;

    public static StatsRow Sum(IEnumerable<StatsRow> rows) =>
        rows.Aggregate(new StatsRow("", ""), (sum, row) => sum.Plus(row));

    /// <summary>Adds a second that has ended, and forgets what is older than a minute.</summary>
    public void Add(HistorySecond second) => _seconds =
        [.. _seconds.Where(kept => kept.UnixSecond > second.UnixSecond - StatsWindow.SecondsMax), second];
}
