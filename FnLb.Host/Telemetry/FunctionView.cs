using FnLb.Core.Routing;
using FnLb.Core.Telemetry;
using FnLb.Host.Admin;

namespace FnLb.Host.Telemetry;

/// <summary>A function as a dashboard shows it; rates and shares over the last 10 seconds.</summary>
internal sealed record FunctionView
{
    private const int NodesListedMax = 10;

    public required string Function { get; init; }

    /// <summary>As <c>GET /1/lb/route?route=</c> takes it; null for the row of all functions without a name.</summary>
    public string? Route { get; init; }

    /// <summary>The node that ranks first for it; null for the row without a name, or where nobody looked.</summary>
    public string? Home { get; init; }

    public required double CallsPerSecond { get; init; }

    public required double ErrorsPerSecond { get; init; }

    /// <summary>Mean from arrival to the end of the answer, in seconds.</summary>
    public required double DurationMean { get; init; }

    /// <summary>Mean wait at the node in seconds; null where no node told one.</summary>
    public required double? WaitMean { get; init; }

    public required double ColdShare { get; init; }

    public required double SpilledShare { get; init; }

    /// <summary>Where its calls went: address and calls a second, most first, the ten with most.</summary>
    public required IReadOnlyDictionary<string, double> Nodes { get; init; }

    /// <summary>To how many nodes, listed or not.</summary>
    public required int NodeCount { get; init; }

    /// <param name="rows">One for each node, most calls first.</param>
    public static FunctionView Of(string function, StatsRow[] rows)
    {
        StatsRow sum = TrafficHistory.Sum(rows);
        return new FunctionView
        {
            Function = function,
            Route = rows[0].Route == 0 ? null : RouteView.Text(new RouteKey(rows[0].Route)),
            CallsPerSecond = (double)sum.Calls / RecentCalls.Seconds,
            ErrorsPerSecond = (double)sum.Errors / RecentCalls.Seconds,
            DurationMean = sum.TotalSeconds / sum.Calls,
            WaitMean = sum.WaitMean,
            ColdShare = sum.ColdShare,
            SpilledShare = (double)sum.Spilled / sum.Calls,
            Nodes = rows.Take(NodesListedMax)
                .ToDictionary(row => row.Node, row => (double)row.Calls / RecentCalls.Seconds),
            NodeCount = rows.Length,
        };
    }
}
