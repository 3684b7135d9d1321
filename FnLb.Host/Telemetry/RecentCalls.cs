using FnLb.Core.Telemetry;

namespace FnLb.Host.Telemetry;

/// <summary>The calls of the last seconds by node and by function; immutable.</summary>
internal sealed class RecentCalls
{
    /// <summary>Over so many seconds rates are means.</summary>
    public const int Seconds = 10;

    private readonly Dictionary<string, StatsRow> _nodes = new(StringComparer.Ordinal);

    /// <param name="lastSecond">The last second that is over (Unix time).</param>
    public RecentCalls(TrafficView view, long lastSecond)
    {
        Dictionary<(string, string), StatsRow> pairs = [];
        for (long second = lastSecond - Seconds + 1; second <= lastSecond; second++)
        {
            foreach (StatsRow row in view.Second(second).Rows)
            {
                (string, string) key = (row.Function, row.Node);
                pairs[key] = pairs.TryGetValue(key, out StatsRow known) ? known.Plus(row) : row;
                _nodes[row.Node] = _nodes.TryGetValue(row.Node, out StatsRow node) ? node.Plus(row) : row;
            }
        }

        Functions = [.. pairs.Values
            .GroupBy(row => row.Function, StringComparer.Ordinal)
            .Select(rows => FunctionView.Of(rows.Key, [.. rows.OrderByDescending(row => row.Calls)]))
            .OrderByDescending(function => function.CallsPerSecond)
            .ThenBy(function => function.Function, StringComparer.Ordinal)];
    }

    /// <summary>Those that were called, most often called first.</summary>
    public IReadOnlyList<FunctionView> Functions { get; }

    /// <summary>All calls of a node in one row, empty if it had none.</summary>
    public StatsRow Of(string node) => _nodes.TryGetValue(node, out StatsRow row) ? row : new StatsRow("", node);
}
