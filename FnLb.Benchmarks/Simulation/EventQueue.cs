namespace FnLb.Benchmarks.Simulation;

/// <summary>Events by time; those of one time in the order they were added.</summary>
internal sealed class EventQueue
{
    private const int SequenceBits = 30;

    private readonly PriorityQueue<SimulatedEvent, long> _events = new();
    private long _sequence;

    public long NextMicroseconds => _events.TryPeek(out _, out long key) ? key >> SequenceBits : long.MaxValue;

    public void Add(long atMicroseconds, SimulatedEvent item) => _events.Enqueue(item,
        (atMicroseconds << SequenceBits) | _sequence++);

    public SimulatedEvent Take() => _events.Dequeue();
}
