using FnLb.Core.Proxy;
using FnLb.Core.Routing;
using FnLb.Core.Telemetry;

namespace FnLb.Host.Telemetry;

/// <summary>What the data plane lets be seen of itself, over all loops. Any thread.</summary>
internal sealed record TrafficView
{
    /// <summary>A counter's sum.</summary>
    public required Func<Counter, long> Read { get; init; }

    /// <summary>Client connections that are open now.</summary>
    public required Func<int> Clients { get; init; }

    public required Func<TrafficBytes> Bytes { get; init; }

    /// <summary>Calls that may run a second time now.</summary>
    public required Func<int> RetryBudgetLeft { get; init; }

    /// <summary>One for each loop, always the same.</summary>
    public required IReadOnlyList<LoopMeter> Meters { get; init; }

    /// <summary>The last second (Unix time) that every loop has published; 0 before the first.</summary>
    public long PublishedSecond => Meters.Count == 0 ? 0 : Meters.Min(meter => meter.PublishedSecond);

    /// <summary>Null when none is kept.</summary>
    public AccessLogChannel? AccessLog { get; init; }

    /// <inheritdoc cref="AccessLog"/>
    public SpanChannel? Spans { get; init; }

    public static TrafficView Of(TrafficServer traffic, ProxyOptions options) => new()
    {
        AccessLog = options.AccessLog,
        Spans = options.Spans,
        Read = traffic.Read,
        Clients = () => traffic.Clients,
        Bytes = () => traffic.Bytes,
        RetryBudgetLeft = () => traffic.RetryBudgetLeft,
        Meters = traffic.Meters,
    };

    /// <summary>One histogram of each loop, summed.</summary>
    public LatencySnapshot Sum(Func<LoopMeter, LatencyHistogram> choose) => SumOf(Meters.Select(choose));

    public static LatencySnapshot SumOf(IEnumerable<LatencyHistogram> histograms)
    {
        LatencySnapshot sum = new();
        foreach (LatencyHistogram histogram in histograms)
        {
            histogram.AddTo(sum);
        }

        return sum;
    }

    /// <summary>The meters of each node that has had a call, by its address.</summary>
    public ILookup<string, NodeMeter> Nodes() =>
        Meters.SelectMany(meter => meter.Nodes).ToLookup(node => node.Name, StringComparer.Ordinal);

    /// <summary>Connections to nodes that were made and not closed.</summary>
    public long ConnectionsOpen =>
        Read(Counter.NodeConnectionsOpened) - Read(Counter.NodeConnectionsClosedByUs)
        - Read(Counter.NodeConnectionsClosedByNode) - Read(Counter.NodeConnectionsWithUnsolicitedBytes)
        - Read(Counter.NodeConnectionsCut);

    /// <summary>The rows of one second, those of one function and node in one.</summary>
    public StatsSecond Second(long unixSecond)
    {
        Dictionary<(string, string), StatsRow> rows = [];
        foreach (StatsRow row in Meters.SelectMany(meter => meter.Window.Find(unixSecond)?.Rows ?? []))
        {
            (string, string) key = (row.Function, row.Node);
            rows[key] = rows.TryGetValue(key, out StatsRow known) ? known.Plus(row) : row;
        }

        return new StatsSecond(unixSecond, [.. rows.Values]);
    }

    /// <summary>The names of the functions that were called in a minute, by what their routes hash to.</summary>
    /// <remarks>Those that have one: of a path called once among many it is not known.</remarks>
    /// <param name="lastSecond">The last of the minute.</param>
    public Dictionary<ulong, string> Names(long lastSecond)
    {
        Dictionary<ulong, string> names = [];
        foreach (StatsRow row in Window(lastSecond).SelectMany(second => second.Rows).Where(row => row.Route != 0))
        {
            names[row.Route] = row.Function;
        }

        return names;
    }

    /// <summary>A minute, oldest second first.</summary>
    /// <param name="lastSecond">The last of it.</param>
    public IEnumerable<StatsSecond> Window(long lastSecond) =>
        Seconds(lastSecond - StatsWindow.SecondsMax + 1, lastSecond);

    /// <summary>From a second to another one, both included; each costs a look at all of its rows.</summary>
    public IEnumerable<StatsSecond> Seconds(long firstSecond, long lastSecond)
    {
        for (long second = firstSecond; second <= lastSecond; second++)
        {
            yield return Second(second);
        }
    }
}
