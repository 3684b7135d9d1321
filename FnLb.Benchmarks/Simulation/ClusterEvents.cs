namespace FnLb.Benchmarks.Simulation;

/// <summary>The simulated clock, and what nodes ask to happen later.</summary>
internal sealed class ClusterEvents(Scenario scenario, int seed)
{
    private const double ColdJitter = 0.2;

    private readonly EventQueue _queue = new();
    private readonly Random _random = new(seed);

    public long NowMicroseconds { get; private set; }

    public long NextMicroseconds => _queue.NextMicroseconds;

    /// <summary>Containers launched so far.</summary>
    public int Launches { get; private set; }

    public void Add(double atSeconds, EventKind kind, int number) =>
        _queue.Add((long)(atSeconds * 1e6), new SimulatedEvent(kind, number));

    public void AdvanceTo(long microseconds) => NowMicroseconds = microseconds;

    public SimulatedEvent Take()
    {
        NowMicroseconds = _queue.NextMicroseconds;
        return _queue.Take();
    }

    public void Launched(SimulatedContainer container, double slowness)
    {
        Launches++;
        double jitter = 1 + (ColdJitter * ((2 * _random.NextDouble()) - 1));
        long ready = NowMicroseconds + (long)(container.Function.ColdMicroseconds * jitter * slowness);
        _queue.Add(ready, new SimulatedEvent(EventKind.ContainerReady, 0) { Container = container });
    }

    public void Started(SimulatedCall call, double slowness)
    {
        call.StartedMicroseconds = NowMicroseconds;
        long ends = NowMicroseconds + (long)(call.Traced.DurationMicroseconds * slowness);
        _queue.Add(ends, new SimulatedEvent(EventKind.CallEnds, call.Tried.Count) { Call = call });
    }

    public void WaitLimited(SimulatedCall call)
    {
        long ends = NowMicroseconds + (long)(scenario.QueueTimeoutSeconds * 1e6);
        _queue.Add(ends, new SimulatedEvent(EventKind.WaitEnds, call.Tried.Count) { Call = call });
    }

    public void IdleLimited(SimulatedContainer container)
    {
        long ends = NowMicroseconds + (long)(scenario.Workload.IdleTimeoutSeconds * 1e6);
        _queue.Add(ends, new SimulatedEvent(EventKind.IdleEnds, container.IdlePeriods) { Container = container });
    }

    public void EvictionDue(SimulatedNode node, long atMicroseconds) =>
        _queue.Add(atMicroseconds, new SimulatedEvent(EventKind.EvictionDue, 0) { Node = node });
}
