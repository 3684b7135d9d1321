using FnLb.Core.Telemetry;

namespace FnLb.Host.Telemetry;

/// <summary>How long the calls of the last 5 to 10 seconds took, in all and by node. Any thread.</summary>
/// <remarks>Histograms only grow; what is recent is the difference to what they were two rotations ago.</remarks>
internal sealed class RecentLatencies(TrafficView view)
{
    /// <summary>Between two rotations.</summary>
    public const int RotateSeconds = 5;

    private volatile Baseline _older = Baseline.Empty;
    private volatile Baseline _newer = Baseline.Empty;

    public LatencySnapshot Total => view.Sum(meter => meter.Total).Since(_older.Total);

    public LatencySnapshot Added => view.Sum(meter => meter.Added).Since(_older.Added);

    public LatencySnapshot Wait => view.Sum(meter => meter.Wait).Since(_older.Wait);

    /// <summary>By the node's address.</summary>
    public Dictionary<string, LatencySnapshot> Nodes()
    {
        Baseline baseline = _older;
        return NodeSums().ToDictionary(
            node => node.Key,
            node => baseline.Nodes.TryGetValue(node.Key, out LatencySnapshot? before)
                ? node.Value.Since(before) : node.Value,
            StringComparer.Ordinal);
    }

    public void Rotate()
    {
        _older = _newer;
        _newer = new Baseline(
            view.Sum(meter => meter.Total), view.Sum(meter => meter.Added), view.Sum(meter => meter.Wait), NodeSums());
    }

    private Dictionary<string, LatencySnapshot> NodeSums() => view.Nodes().ToDictionary(
        node => node.Key, node => TrafficView.SumOf(node.Select(meter => meter.Total)), StringComparer.Ordinal);

    private sealed record Baseline(
        LatencySnapshot Total, LatencySnapshot Added, LatencySnapshot Wait, Dictionary<string, LatencySnapshot> Nodes)
    {
        public static Baseline Empty { get; } = new(new(), new(), new(), []);
    }
}
