using System.Runtime.InteropServices;

namespace FnLb.Core.Routing;

/// <summary>What this load balancer knows of all nodes together.</summary>
/// <remarks>
/// Written by every loop. The calls in flight change with every call and have a cache line of their own; the rest
/// seldom changes.
/// </remarks>
internal sealed class ClusterLoad
{
    private const int RefreshMilliseconds = 250;

    private PaddedCounter _inFlight;
    private double _evicted;
    private double _meanLimit;
    private int _placeable;
    private int _ringVersion = -1;
    private long _refreshDueMilliseconds = long.MinValue;

    /// <summary>Calls placed and not released.</summary>
    public int InFlight => Volatile.Read(ref _inFlight.Value);

    /// <summary>Share of the calls sent to a warm container that found it evicted, 0 to 1.</summary>
    public double EvictedShare => _evicted;

    public double MeanLimit => _meanLimit;

    public void Enter() => Interlocked.Increment(ref _inFlight.Value);

    public void Leave() => Interlocked.Decrement(ref _inFlight.Value);

    /// <param name="step">Weight of this one call, 0 to 1.</param>
    public void NoteWarmCall(bool isEvicted, double step)
    {
        // At rest the share stays as it is, so that the loops do not fight for the cache line.
        if (isEvicted || _evicted > step / 2)
        {
            _evicted += step * ((isEvicted ? 1 : 0) - _evicted);
        }
    }

    /// <summary>What a decision compares with: the load of a node if all had the same with one call more.</summary>
    public double MeanWithOneMore(NodeRing ring, long nowMilliseconds)
    {
        if (nowMilliseconds >= Volatile.Read(ref _refreshDueMilliseconds) || _ringVersion != ring.Version)
        {
            Refresh(ring, nowMilliseconds);
        }

        return (InFlight + 1.0) / _placeable;
    }

    private void Refresh(NodeRing ring, long nowMilliseconds)
    {
        Volatile.Write(ref _refreshDueMilliseconds, nowMilliseconds + RefreshMilliseconds);
        double limits = 0;
        int placeable = 0;
        foreach (NodeLoad load in ring.Loads)
        {
            limits += load.Limit;
            placeable += load.Node.IsPlaceable ? 1 : 0;
        }

        _meanLimit = ring.Count == 0 ? 0 : limits / ring.Count;
        _placeable = int.Max(placeable, 1);
        _ringVersion = ring.Version;
    }

    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct PaddedCounter
    {
        [FieldOffset(64)]
        public int Value;
    }
}
