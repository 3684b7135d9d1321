using FnLb.Core.Nodes;

namespace FnLb.Core.Health;

/// <summary>When the regular checks of a node fall: once an interval, at a point that its address decides.</summary>
/// <remarks>
/// So the checks of many nodes are spread evenly, and a slow one delays none. Counted from the balancer's start, not
/// from the wall clock: several balancers do not meet at a node at the same instant.
/// </remarks>
internal sealed class CheckSchedule(NodeAddress address, TimeSpan interval, long origin, TimeProvider time)
{
    private readonly long _phase = (long)(Hash(address.Text) % (ulong)interval.Ticks);

    /// <summary>Above zero, at most one interval.</summary>
    public TimeSpan UntilNext()
    {
        long now = time.GetElapsedTime(origin).Ticks;
        long sincePhase = (now - _phase) % interval.Ticks;
        return TimeSpan.FromTicks(sincePhase < 0 ? -sincePhase : interval.Ticks - sincePhase);
    }

    // FNV-1a with a final mix: string.GetHashCode differs from process to process.
    private static ulong Hash(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in text)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        hash = (hash ^ (hash >> 32)) * 0x9E3779B97F4A7C15;
        return hash ^ (hash >> 32);
    }
}
