using System.Runtime.InteropServices;

namespace FnLb.Core.Routing;

/// <summary>
/// What is known of one function on one node: calls in flight, and how many containers of it are warm there.
/// </summary>
/// <remarks>
/// Each word changes by compare-and-swap; every loop writes. The calls in flight carry the epoch of the layout they
/// were counted in, so that a call that was counted in another layout of the same memory can neither enter nor leave by
/// mistake.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct RankedSlot
{
    private const int PeakMax = ushort.MaxValue;
    private const double ForgottenShare = 0.125;

    // Epoch in the upper half, calls in the lower.
    private long _inFlight;

    // Window in the upper half, then the peak of the window before, then the peak of this one (16 bits each).
    private long _warm;

    // Of this window, and of those before: an eighth is forgotten with each.
    private uint _callsNow;
    private uint _callsBefore;

    /// <summary>Place of the node in the ring the layout was made for.</summary>
    public int NodeIndex { get; private set; }

    /// <summary><see cref="NodeLoad.Id"/>: names the node across rings.</summary>
    public int NodeId { get; private set; }

    /// <summary>Calls of the function that this load balancer has at the node.</summary>
    public readonly int InFlight => (int)_inFlight;

    /// <summary>Counts a call in.</summary>
    /// <param name="calls">In flight with it.</param>
    /// <returns>False when the layout has changed since <paramref name="epoch"/>.</returns>
    public bool TryEnter(int epoch, out int calls)
    {
        long seen = Volatile.Read(ref _inFlight);
        while (true)
        {
            calls = (int)seen + 1;
            if (seen >> 32 != epoch)
            {
                return false;
            }

            long before = Interlocked.CompareExchange(ref _inFlight, seen + 1, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }
    }

    /// <summary>Counts a call out; never below 0.</summary>
    /// <returns>False when the layout has changed since <paramref name="epoch"/>.</returns>
    public bool TryLeave(int epoch)
    {
        long seen = Volatile.Read(ref _inFlight);
        while (true)
        {
            if (seen >> 32 != epoch)
            {
                return false;
            }

            long before = (int)seen == 0 ? seen : Interlocked.CompareExchange(ref _inFlight, seen - 1, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }
    }

    /// <summary>
    /// From here on nothing enters or leaves; the slot belongs to the caller until it is opened again.
    /// </summary>
    /// <returns>The calls in flight.</returns>
    public int Seal(int oddEpoch) => (int)Interlocked.Exchange(ref _inFlight, (long)oddEpoch << 32);

    /// <summary>As <see cref="Seal"/>, if no calls of <paramref name="epoch"/> are in flight.</summary>
    public bool TrySealIdle(int epoch) =>
        Interlocked.CompareExchange(ref _inFlight, (long)(epoch + 1) << 32, (long)epoch << 32) == (long)epoch << 32;

    public void Reopen(int epoch, int calls) => Volatile.Write(ref _inFlight, ((long)epoch << 32) | (uint)calls);

    /// <summary>Opens a sealed slot for a node, with what was known of it before.</summary>
    public void Renew(int nodeIndex, int nodeId, int epoch, in RankedSlot known)
    {
        NodeIndex = nodeIndex;
        NodeId = nodeId;
        _warm = known._warm;
        _callsNow = known._callsNow;
        _callsBefore = known._callsBefore;
        Reopen(epoch, known.InFlight);
    }

    /// <summary>Estimated warm containers: the highest of the peaks of this window and the one before.</summary>
    public readonly int Warm(int window)
    {
        long warm = _warm;
        int age = window - (int)(warm >> 32);
        return age > 1 ? 0 : age == 1 ? (ushort)warm : int.Max((ushort)warm, (ushort)(warm >> 16));
    }

    /// <summary>Calls sent to the node lately; what is eight windows old counts a third.</summary>
    public readonly double RecentCalls(int window)
    {
        int age = int.Max(window - (int)(_warm >> 32), 0);
        return age == 0 ? _callsNow + _callsBefore : (_callsNow + _callsBefore) * Math.Pow(1 - ForgottenShare, age);
    }

    /// <summary>Counts a call that was sent.</summary>
    public void CountCall(int window)
    {
        Roll(window);
        _callsNow++;
    }

    /// <summary>What another process knew of the node; before the first call of this one.</summary>
    public void Recall(int window, int warm, uint calls)
    {
        _warm = Pack(window, 0, int.Clamp(warm, 0, PeakMax));
        _callsBefore = calls;
        _callsNow = 0;
    }

    /// <summary>At least so many containers were seen to be warm.</summary>
    public void RaiseWarm(int window, int peak)
    {
        long seen = Roll(window);
        while (peak > (ushort)seen)
        {
            long raised = (seen & ~(long)PeakMax) | (uint)int.Min(peak, PeakMax);
            long before = Interlocked.CompareExchange(ref _warm, raised, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    /// <summary>At most so many are left.</summary>
    public void LimitWarm(int window, int peak)
    {
        long seen = Roll(window);
        while ((ushort)seen > peak || (ushort)(seen >> 16) > peak)
        {
            long limited = Pack((int)(seen >> 32), int.Min((ushort)(seen >> 16), peak), int.Min((ushort)seen, peak));
            long before = Interlocked.CompareExchange(ref _warm, limited, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    // Whoever swaps the window in also moves the call counts; a call counted meanwhile may be lost from them, which
    // nobody notices.
    private long Roll(int window)
    {
        long seen = Volatile.Read(ref _warm);
        while ((int)(seen >> 32) < window)
        {
            bool isNext = (int)(seen >> 32) == window - 1;
            long rolled = Pack(window, isNext ? (ushort)seen : 0, 0);
            long before = Interlocked.CompareExchange(ref _warm, rolled, seen);
            if (before == seen)
            {
                double kept = Math.Pow(1 - ForgottenShare, window - (int)(seen >> 32));
                _callsBefore = (uint)((_callsBefore + _callsNow) * kept);
                _callsNow = 0;
                return rolled;
            }

            seen = before;
        }

        return seen;
    }

    private static long Pack(int window, int before, int now) =>
        ((long)window << 32) | ((long)before << 16) | (uint)now;
}
