namespace FnLb.Core.Telemetry;

/// <summary>The counters of one event loop: written by its thread alone, read by any.</summary>
public sealed class LoopCounters
{
    // A cache line of room on both sides, so that two loops never write to the same one.
    private const int PaddingCells = 16;

    private static readonly int Kinds = Enum.GetValues<Counter>().Length;

    private readonly long[] _cells = new long[Kinds + (2 * PaddingCells)];

    /// <summary>On the loop's thread.</summary>
    public void Add(Counter counter, long count = 1) => _cells[PaddingCells + (int)counter] += count;

    /// <summary>Any thread; may be a moment behind.</summary>
    public long Read(Counter counter) => Volatile.Read(ref _cells[PaddingCells + (int)counter]);
}
