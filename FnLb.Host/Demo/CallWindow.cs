namespace FnLb.Host.Demo;

/// <summary>Latencies and failures of the calls since the last summary. Any thread.</summary>
internal sealed class CallWindow
{
    private readonly Lock _gate = new();
    private List<double> _milliseconds = [];
    private int _failures;

    /// <summary>Calls that failed since the start.</summary>
    public long FailuresTotal { get; private set; }

    public void Add(TimeSpan latency, bool failed)
    {
        lock (_gate)
        {
            _milliseconds.Add(latency.TotalMilliseconds);
            _failures += failed ? 1 : 0;
            FailuresTotal += failed ? 1 : 0;
        }
    }

    /// <summary>Hands out what came since the last time and starts anew.</summary>
    public CallSummary Take()
    {
        lock (_gate)
        {
            List<double> sorted = _milliseconds;
            int failures = _failures;
            _milliseconds = [];
            _failures = 0;
            sorted.Sort();
            return new CallSummary(sorted.Count, failures, Percentile(sorted, 0.50), Percentile(sorted, 0.99));
        }
    }

    private static double Percentile(List<double> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
}
