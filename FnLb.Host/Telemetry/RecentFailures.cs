namespace FnLb.Host.Telemetry;

/// <summary>How many calls a second each node has left unanswered of late.</summary>
/// <remarks>
/// Counts only grow; what is recent is the difference to some seconds ago. One thread adds, any thread reads.
/// </remarks>
internal sealed class RecentFailures(TrafficView traffic)
{
    private readonly Queue<Dictionary<string, long>> _before = new();
    private volatile IReadOnlyDictionary<string, double> _perSecond = new Dictionary<string, double>();

    /// <summary>Over the last <see cref="RecentCalls.Seconds"/>; 0 for a node that had no call.</summary>
    public double Of(string node) => _perSecond.GetValueOrDefault(node);

    /// <summary>A second is over.</summary>
    public void Add()
    {
        Dictionary<string, long> now = traffic.Nodes().ToDictionary(
            node => node.Key, node => node.Sum(meter => meter.Failures), StringComparer.Ordinal);
        if (_before.Count > 0)
        {
            Dictionary<string, long> before = _before.Peek();
            _perSecond = now.ToDictionary(
                node => node.Key,
                node => (double)long.Max(node.Value - before.GetValueOrDefault(node.Key), 0) / RecentCalls.Seconds,
                StringComparer.Ordinal);
        }

        _before.Enqueue(now);
        if (_before.Count > RecentCalls.Seconds)
        {
            _before.Dequeue();
        }
    }
}
