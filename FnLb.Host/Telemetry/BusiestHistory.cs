using FnLb.Core.Telemetry;

namespace FnLb.Host.Telemetry;

/// <summary>The last minute of the busiest nodes and functions, for charts that do not start empty.</summary>
/// <remarks>Bounded, unlike all rows of the minute: 12 of each, whatever the cluster has.</remarks>
/// <param name="Second">The last second, in Unix time; each line has a value for it and for each second before.</param>
internal sealed record BusiestHistory(
    long Second, IReadOnlyList<BusyLine> Nodes, IReadOnlyList<BusyLine> Functions)
{
    private const int LinesMax = 12;

    // Each value is over so many seconds, which the first has too.
    private const int Seconds = StatsWindow.SecondsMax - RecentCalls.Seconds;

    /// <param name="lastSecond">The last second that is over.</param>
    public static BusiestHistory Of(TrafficView traffic, long lastSecond)
    {
        StatsSecond[] window = [.. traffic.Window(lastSecond)];
        return new BusiestHistory(
            lastSecond, LinesOf(window, row => row.Node), LinesOf(window, row => row.Function));
    }

    private static List<BusyLine> LinesOf(StatsSecond[] window, Func<StatsRow, string> nameOf)
    {
        Dictionary<string, StatsRow>[] seconds = [.. window.Select(second => SumBy(second.Rows, nameOf))];
        IEnumerable<string> names = SumBy(seconds[Seconds..].SelectMany(second => second.Values), nameOf)
            .OrderByDescending(pair => pair.Value.Calls)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(LinesMax)
            .Select(pair => pair.Key);
        return [.. names.Select(name => LineOf(name, seconds))];
    }

    private static Dictionary<string, StatsRow> SumBy(IEnumerable<StatsRow> rows, Func<StatsRow, string> nameOf)
    {
        Dictionary<string, StatsRow> sums = new(StringComparer.Ordinal);
        foreach (StatsRow row in rows)
        {
            sums[nameOf(row)] = sums.TryGetValue(nameOf(row), out StatsRow known) ? known.Plus(row) : row;
        }

        return sums;
    }

    private static BusyLine LineOf(string name, Dictionary<string, StatsRow>[] seconds)
    {
        StatsRow[] recent = [.. Enumerable.Range(1, Seconds).Select(first => TrafficHistory.Sum(
            seconds.Skip(first).Take(RecentCalls.Seconds).Select(second => second.GetValueOrDefault(name))))];
        return new BusyLine(
            name,
            [.. recent.Select(row => (double)row.Calls / RecentCalls.Seconds)],
            [.. recent.Select(row => row.WaitMean)]);
    }
}
