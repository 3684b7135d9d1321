using System.Diagnostics;

namespace FnLb.Core.Routing;

/// <summary>
/// What is known of one function: how long it takes to start, and one slot for each of the nodes that rank first for
/// it.
/// </summary>
/// <remarks>
/// The slots are laid out for one ring. A new ring, more ranks or another function in the same memory mean a new
/// layout: whoever notices makes it, with an odd version meanwhile. Nobody waits for that: a call that meets an odd
/// version is placed without the slots. Calls in flight are carried over, and find their slot again by the node.
/// </remarks>
internal sealed class FunctionLoad
{
    private RankedSlot[] _slots = [];
    private RouteKey _route;
    private int _ringVersion;

    // Even: a layout, and the epoch of its slots. Odd: being changed by the thread that made it odd.
    private int _version;

    public RouteKey Route => _route;

    /// <summary>Learned time a container takes to start; 0 when unknown. Any loop writes.</summary>
    public float ColdMilliseconds { get; set; }

    /// <summary>Learned time a call runs in its container; 0 when unknown. Any loop writes.</summary>
    public float RunMilliseconds { get; set; }

    /// <summary>No slot from this rank on is known to be warm. Any loop writes.</summary>
    public int HotRanks { get; set; }

    /// <summary>How many ranks have a slot.</summary>
    public int Ranks => Volatile.Read(ref _slots).Length;

    private int ExtraRanks => int.Max(0, _slots.Length - RankSelection.RanksMax);

    /// <summary>Whether a call may use the slots.</summary>
    /// <param name="epoch">To enter slots with.</param>
    /// <returns>False while the layout changes, and for another function or another ring.</returns>
    public bool TryOpen(RouteKey route, NodeRing ring, out int epoch, out RankedSlot[] slots)
    {
        epoch = Volatile.Read(ref _version);
        slots = Volatile.Read(ref _slots);
        return (epoch & 1) == 0 && _route == route && _ringVersion == ring.Version;
    }

    /// <summary>A slot before <paramref name="ranks"/> is warm.</summary>
    public void RaiseHotRanks(int ranks)
    {
        if (HotRanks < ranks)
        {
            HotRanks = ranks;
        }
    }

    /// <summary>Whether the slots are those of an older ring.</summary>
    public bool IsBehind(NodeRing ring) => _ringVersion < ring.Version;

    /// <summary>Starts a layout of no ring for a function, dropping what was known of another.</summary>
    /// <returns>False when another thread is changing it, or calls of the other function are in flight.</returns>
    public bool TryAssign(RouteKey route)
    {
        int version = Volatile.Read(ref _version);
        if ((version & 1) != 0
            || HasCalls(_slots)
            || Interlocked.CompareExchange(ref _version, version + 1, version) != version)
        {
            return false;
        }

        // A call may have entered since: it keeps the function it belongs to.
        int sealedSlots = SealWhileIdle(version);
        bool isIdle = sealedSlots == _slots.Length;
        if (isIdle)
        {
            _route = route;
            _ringVersion = 0;
            ColdMilliseconds = 0;
            RunMilliseconds = 0;
            HotRanks = 0;
        }
        else
        {
            foreach (ref RankedSlot slot in _slots.AsSpan(0, sealedSlots))
            {
                slot.Reopen(version, 0);
            }
        }

        Volatile.Write(ref _version, isIdle ? version + 2 : version);
        return isIdle;
    }

    /// <summary>Lays the slots out for a ring, keeping what is known of nodes that still rank among them.</summary>
    /// <param name="ranks">How many there are to be.</param>
    /// <param name="extraRanks">
    /// How many more slots beyond the first 8 there are than before; negative for fewer.
    /// </param>
    /// <returns>False when another thread is changing it.</returns>
    public bool TryLayOut(RouteKey route, NodeRing ring, int ranks, out int extraRanks)
    {
        extraRanks = 0;
        int version = Volatile.Read(ref _version);
        if ((version & 1) != 0 || Interlocked.CompareExchange(ref _version, version + 1, version) != version)
        {
            return false;
        }

        bool isWanted = _route == route && _ringVersion <= ring.Version;
        if (isWanted)
        {
            extraRanks = -ExtraRanks;
            LayOut(ring, int.Min(ranks, ring.Count), version + 2);
            extraRanks += ExtraRanks;
        }

        Volatile.Write(ref _version, isWanted ? version + 2 : version);
        return isWanted;
    }

    /// <summary>Counts a call out of the slot it entered, wherever that is by now.</summary>
    /// <param name="rank">Where it was; on return where it is.</param>
    /// <returns>
    /// The slots that <paramref name="rank"/> is a place in; empty when the node has no slot any more.
    /// </returns>
    public RankedSlot[] Leave(RouteKey route, int nodeId, int epoch, ref int rank)
    {
        RankedSlot[] slots = Volatile.Read(ref _slots);
        return rank < slots.Length && slots[rank].TryLeave(epoch) ? slots : LeaveMoved(route, nodeId, out rank);
    }

    // Only while the layout changes, which takes a microsecond or two, is there something to wait for.
    private RankedSlot[] LeaveMoved(RouteKey route, int nodeId, out int rank)
    {
        SpinWait spin = default;
        while (_route == route)
        {
            int version = Volatile.Read(ref _version);
            RankedSlot[] slots = Volatile.Read(ref _slots);
            rank = Find(slots, nodeId);
            if ((version & 1) == 0 && rank < 0)
            {
                return [];
            }

            if ((version & 1) == 0 && slots[rank].TryLeave(version))
            {
                return slots;
            }

            spin.SpinOnce();
        }

        rank = -1;
        return [];
    }

    /// <summary>Adds the warm containers of each node of a ring, and that there are any; for display.</summary>
    public void AddWarm(NodeRing ring, int window, Span<int> containers, Span<int> functions)
    {
        foreach (ref readonly RankedSlot slot in Volatile.Read(ref _slots).AsSpan())
        {
            int index = slot.NodeIndex;
            int warm = slot.Warm(window);
            if (warm > 0 && index < ring.Count && ring.Loads[index].Id == slot.NodeId)
            {
                containers[index] += warm;
                functions[index]++;
            }
        }
    }

    /// <summary>The slots as they are now, for display: of any ring, and maybe while they change.</summary>
    public RankedSlot[] Snapshot() => [.. Volatile.Read(ref _slots)];

    private static int Find(ReadOnlySpan<RankedSlot> slots, int nodeId)
    {
        for (int rank = 0; rank < slots.Length; rank++)
        {
            if (slots[rank].NodeId == nodeId)
            {
                return rank;
            }
        }

        return -1;
    }

    // A new order is mostly the old one: the next node is where the last search ended.
    private static int FindFrom(int expected, ReadOnlySpan<RankedSlot> slots, int nodeId)
    {
        int behind = Find(slots[expected..], nodeId);
        return behind >= 0 ? expected + behind : Find(slots[..expected], nodeId);
    }

    private static bool HasCalls(ReadOnlySpan<RankedSlot> slots)
    {
        foreach (ref readonly RankedSlot slot in slots)
        {
            if (slot.InFlight > 0)
            {
                return true;
            }
        }

        return false;
    }

    private int SealWhileIdle(int version)
    {
        int count = 0;
        while (count < _slots.Length && _slots[count].TrySealIdle(version))
        {
            count++;
        }

        return count;
    }

    private void LayOut(NodeRing ring, int ranks, int epoch)
    {
        Debug.Assert((_version & 1) == 1, "Only its owner changes a layout.");
        RankedSlot[] old = _slots;
        Span<RankedSlot> known = stackalloc RankedSlot[RankSelection.RanksMax];
        known = old.Length <= known.Length ? known[..old.Length] : new RankedSlot[old.Length];
        for (int rank = 0; rank < old.Length; rank++)
        {
            int calls = old[rank].Seal(epoch - 1);
            known[rank] = old[rank];
            known[rank].Reopen(epoch, calls);
        }

        Span<int> order = stackalloc int[RankSelection.RanksMax];
        order = ranks <= order.Length ? order[..ranks] : new int[ranks];
        ring.SelectRanks(_route, order);
        RankedSlot[] next = ranks == old.Length ? old : new RankedSlot[ranks];
        int unmatched = known.Length;
        int expected = 0;
        for (int rank = 0; rank < ranks; rank++)
        {
            int nodeId = ring.Loads[order[rank]].Id;
            int before = unmatched == 0 ? -1 : FindFrom(expected, known, nodeId);
            if (before >= 0)
            {
                unmatched--;
                expected = before + 1;
            }

            next[rank].Renew(order[rank], nodeId, epoch, before < 0 ? default : known[before]);
        }

        Volatile.Write(ref _slots, next);
        HotRanks = _ringVersion == ring.Version ? int.Min(HotRanks, ranks) : ranks;
        _ringVersion = ring.Version;
    }
}
