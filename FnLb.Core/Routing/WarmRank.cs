using FnLb.Core.Nodes;

namespace FnLb.Core.Routing;

/// <summary>
/// One decision: which node gets a call. Looks only; what follows from the choice is counted by <see cref="Router"/>.
/// </summary>
/// <remarks>
/// A call goes where a container of its function is idle, the first such node in the function's rank order. Otherwise
/// as few nodes as possible get a container more. Only when nodes are full, as far as has been learned of them, is load
/// what decides. The order of the steps is the policy; docs/routing.md gives the reasons and what was measured. A
/// decision walks the warm ranks, one or two for most functions; it looks at all nodes only when those are full.
/// </remarks>
internal ref struct WarmRank
{
    private readonly NodeRing _ring;
    private readonly WarmRankTuning _tuning;
    private readonly ReadOnlySpan<RankedSlot> _slots;

    /// <param name="slots">Of the function, in rank order, as they were opened; for one without estimates, slots that
    /// know nothing.</param>
    /// <param name="function">Null for one without estimates.</param>
    /// <param name="tried">Nodes the call was placed on before; null without any.</param>
    public WarmRank(
        RouteKey route,
        NodeRing ring,
        ReadOnlySpan<RankedSlot> slots,
        FunctionLoad? function,
        HashSet<Node>? tried,
        ClusterLoad cluster,
        WarmRankTuning tuning,
        long nowMilliseconds)
    {
        _ring = ring;
        _tuning = tuning;
        _slots = slots;
        NowMilliseconds = nowMilliseconds;
        Window = (int)(nowMilliseconds / tuning.WindowMilliseconds);
        Route = route;
        HotRanks = function?.HotRanks ?? 0;
        ColdMilliseconds = tuning.ColdOf(function);
        RunMilliseconds = function?.RunMilliseconds ?? 0;
        Tried = tried;
        Caps = PlacementCaps.For(cluster.MeanWithOneMore(ring, nowMilliseconds));
        MeanLimit = cluster.MeanLimit;
        MaySpread = cluster.EvictedShare <= tuning.EvictedShareMax;
        KeepsToWarm = tried is not null
            && !MaySpread
            && Caps.Mean > tuning.FullShare * MeanLimit
            && AreFull(tried, ring, nowMilliseconds);
    }

    public long NowMilliseconds { get; }

    /// <summary>For the estimates of warm containers.</summary>
    public int Window { get; }

    public RouteKey Route { get; }

    /// <summary>How many slots may be warm.</summary>
    public int HotRanks { get; init; }

    /// <summary>How long a container of the function takes to start.</summary>
    public double ColdMilliseconds { get; }

    /// <summary>How long a call of the function runs; 0 when unknown.</summary>
    public double RunMilliseconds { get; }

    /// <summary>Nodes the call was placed on before; null without any.</summary>
    public HashSet<Node>? Tried { get; }

    /// <summary>For a node of mean weight.</summary>
    public PlacementCaps Caps { get; }

    /// <summary>Mean of what nodes are known to start without delay.</summary>
    public double MeanLimit { get; }

    /// <summary>Whether a function may spread to a node where it is not warm.</summary>
    public bool MaySpread { get; }

    /// <summary>
    /// All nodes are full, such have refused the call, and containers are evicted before their next call: it gets none
    /// where it is cold, unless that node has room. Otherwise the calls that come back from full queues would keep all
    /// queues full of functions that have to be started, and starts keep the slots from calls that could run.
    /// </summary>
    public bool KeepsToWarm { get; }

    /// <summary>After <see cref="Choose"/>: how many slots may be warm still; -1 when not all were looked at.</summary>
    public int WarmRanks { get; private set; } = -1;

    /// <summary>After <see cref="Choose"/>: the function would spread to the next rank, if that had a slot.</summary>
    public bool WantsRank { get; private set; }

    public PlacementChoice Choose()
    {
        PlacementChoice choice = ChooseWarm();
        if (choice.IsNone)
        {
            choice = ChooseToQueue();
        }

        if (choice.IsNone)
        {
            choice = ChooseToGrow();
        }

        if (choice.IsNone)
        {
            // Where the mean is above what nodes are good for, all are full: the warm ones may be fuller than others.
            bool isFull = Caps.Mean > _tuning.FullShare * MeanLimit;
            double room = Caps.Mean + (_tuning.SaturatedSpread * Math.Sqrt(Caps.Mean));
            choice = ChooseAmongWarm(PlacementStep.Saturated, isFull ? Caps.Far : room);
        }

        if (choice.IsNone)
        {
            choice = ChooseInOrder(PlacementStep.Bounded);
        }

        return choice.IsNone ? ChooseAnyway() : choice;
    }

    public readonly NodeLoad LoadOf(in PlacementChoice choice) => _ring.Loads[choice.NodeIndex];

    /// <summary>Whether every node that ranks before is out of rotation.</summary>
    public readonly bool IsFirstPlaceable(int rank)
    {
        for (int before = 0; before < rank; before++)
        {
            if (IsPlaceable(_slots[before].NodeIndex))
            {
                return false;
            }
        }

        return rank >= 0;
    }

    private static bool AreFull(HashSet<Node> tried, NodeRing ring, long nowMilliseconds)
    {
        int full = 0;
        foreach (NodeLoad load in ring.Loads)
        {
            full += load.FullUntilMilliseconds > nowMilliseconds && tried.Contains(load.Node) ? 1 : 0;
        }

        return full == tried.Count;
    }

    private PlacementChoice ChooseWarm()
    {
        int warmRanks = 0;
        PlacementChoice emptiest = PlacementChoice.None;
        double leastFill = double.MaxValue;
        for (int rank = 0; rank < int.Min(HotRanks, _slots.Length); rank++)
        {
            ref readonly RankedSlot slot = ref _slots[rank];
            int warm = slot.Warm(Window);
            warmRanks = warm > 0 ? rank + 1 : warmRanks;

            // Read once: another loop may lay out the slots for another ring meanwhile.
            int index = slot.NodeIndex;
            if (slot.InFlight >= warm || !IsOpen(index))
            {
                continue;
            }

            NodeLoad load = _ring.Loads[index];
            int calls = load.Node.InFlight;
            double cap = WarmCap(load, index);
            if (calls >= cap)
            {
                continue;
            }

            if (!load.SendsWait || calls < double.Max(_tuning.Comfort * load.Limit, 1))
            {
                return new PlacementChoice(index, rank, PlacementStep.Warm, cap);
            }

            double fill = calls / load.Limit;
            if (fill < leastFill)
            {
                leastFill = fill;
                emptiest = new PlacementChoice(index, rank, PlacementStep.Warm, cap);
            }
        }

        WarmRanks = emptiest.IsNone ? warmRanks : -1;
        return emptiest;
    }

    // With so many calls running, and so many before this one, the wait is expected to be a fraction of one run.
    private readonly PlacementChoice ChooseToQueue()
    {
        PlacementChoice shortest = PlacementChoice.None;
        double leastWait = _tuning.QueueShare * ColdMilliseconds;
        for (int rank = 0; rank < int.Min(WarmRanks, _slots.Length); rank++)
        {
            ref readonly RankedSlot slot = ref _slots[rank];
            int warm = slot.Warm(Window);
            int index = slot.NodeIndex;
            if (warm == 0 || !IsOpen(index))
            {
                continue;
            }

            NodeLoad load = _ring.Loads[index];
            double cap = WarmCap(load, index);
            double wait = RunMilliseconds * (slot.InFlight - warm + 1) / warm;
            if (load.Node.InFlight < cap && wait < leastWait)
            {
                leastWait = wait;
                shortest = new PlacementChoice(index, rank, PlacementStep.Queue, cap);
            }
        }

        return shortest;
    }

    // Warm ranks first, those between them too, then the first open rank after the last warm one.
    private PlacementChoice ChooseToGrow()
    {
        bool isPast = false;
        for (int rank = 0; rank < _slots.Length && (rank < WarmRanks || (MaySpread && !isPast)); rank++)
        {
            int index = _slots[rank].NodeIndex;
            if (!IsOpen(index) || (_slots[rank].Warm(Window) == 0 && IsFullForRefused(index)))
            {
                continue;
            }

            isPast = rank >= WarmRanks;
            NodeLoad load = _ring.Loads[index];
            double cap = load.SendsWait ? _tuning.Comfort * load.Limit : double.Max(CapsOf(index).Soft, 1);
            if (load.Node.InFlight < cap)
            {
                return new PlacementChoice(index, rank, PlacementStep.Grow, cap);
            }
        }

        WantsRank = MaySpread && !isPast && _slots.Length < _ring.Count;
        return PlacementChoice.None;
    }

    private readonly PlacementChoice ChooseAmongWarm(PlacementStep step, double cap)
    {
        for (int rank = 0; rank < int.Min(WarmRanks, _slots.Length); rank++)
        {
            int index = _slots[rank].NodeIndex;
            bool isOpen = step == PlacementStep.AllOut ? IsPlaceable(index) : IsOpen(index);
            if (isOpen && _slots[rank].Warm(Window) > 0)
            {
                double nodeCap = cap * _ring.ShareOf(index);
                if (_ring.Loads[index].Node.InFlight < nodeCap)
                {
                    return new PlacementChoice(index, rank, step, nodeCap);
                }
            }
        }

        return PlacementChoice.None;
    }

    // Beyond the slots the order is not known, but the highest score among those that qualify is the first of them.
    private readonly PlacementChoice ChooseInOrder(PlacementStep step)
    {
        for (int rank = 0; rank < _slots.Length; rank++)
        {
            int index = _slots[rank].NodeIndex;
            if (Qualifies(index, step, out double cap))
            {
                return new PlacementChoice(index, rank, step, cap);
            }
        }

        PlacementChoice first = PlacementChoice.None;
        ulong firstScore = 0;
        for (int index = 0; _slots.Length < _ring.Count && index < _ring.Count; index++)
        {
            if (Qualifies(index, step, out double cap))
            {
                ulong score = _ring.Score(index, Route);
                if (first.IsNone || score > firstScore)
                {
                    firstScore = score;
                    first = new PlacementChoice(index, -1, step, cap);
                }
            }
        }

        return first;
    }

    private readonly PlacementChoice ChooseAnyway()
    {
        PlacementChoice choice = ChooseAmongWarm(PlacementStep.AllOut, Caps.Far);
        if (choice.IsNone)
        {
            choice = ChooseInOrder(PlacementStep.AllOut);
        }

        return choice.IsNone && !KeepsToWarm ? ChooseHome() : choice;
    }

    private readonly PlacementChoice ChooseHome()
    {
        PlacementChoice home = PlacementChoice.None;
        ulong homeScore = 0;
        for (int index = 0; index < _ring.Count; index++)
        {
            if (IsPlaceable(index)
                && !IsFullForRefused(index)
                && (home.IsNone || _ring.Score(index, Route) > homeScore))
            {
                homeScore = _ring.Score(index, Route);
                home = new PlacementChoice(index, RankIn(index), PlacementStep.AllOut, double.PositiveInfinity);
            }
        }

        return home;
    }

    private readonly bool Qualifies(int index, PlacementStep step, out double cap)
    {
        cap = 0;
        bool isOpen = step == PlacementStep.AllOut ? IsPlaceable(index) : IsOpen(index);
        if (!isOpen || IsFullForRefused(index))
        {
            return false;
        }

        NodeLoad load = _ring.Loads[index];
        double soft = CapsOf(index).Soft;
        double room = load.SendsWait ? _tuning.Comfort * load.Limit : soft;
        cap = (step, KeepsToWarm) switch
        {
            (PlacementStep.AllOut, true) => 0,
            (PlacementStep.AllOut, false) => soft,
            (_, true) => room,
            (_, false) => double.Max(double.Max(room, soft), 1),
        };
        return load.Node.InFlight < cap;
    }

    private readonly double WarmCap(NodeLoad load, int index)
    {
        double hard = double.Max(CapsOf(index).Hard, 2);
        return load.SendsWait ? double.Max(load.Limit, hard) : hard;
    }

    private readonly PlacementCaps CapsOf(int index) =>
        _ring.IsWeighted ? PlacementCaps.For(Caps.Mean * _ring.ShareOf(index)) : Caps;

    private readonly int RankIn(int index)
    {
        for (int rank = 0; rank < _slots.Length; rank++)
        {
            if (_slots[rank].NodeIndex == index)
            {
                return rank;
            }
        }

        return -1;
    }

    private readonly bool IsOpen(int index) =>
        IsPlaceable(index) && _ring.Loads[index].PenaltyUntilMilliseconds <= NowMilliseconds;

    // Without this a full cluster stays full: calls that were refused at home would fill every queue in it with
    // functions that have no container there, and starting those takes the time that warm calls need.
    private readonly bool IsFullForRefused(int index) =>
        Tried is not null
        && (uint)index < (uint)_ring.Count
        && _ring.Loads[index].FullUntilMilliseconds > NowMilliseconds;

    // A layout that changes meanwhile may name a place that this ring does not have; entering the slot fails then.
    private readonly bool IsPlaceable(int index) =>
        (uint)index < (uint)_ring.Count
        && _ring.Loads[index].Node.IsPlaceable
        && (Tried is null || !Tried.Contains(_ring.Loads[index].Node));
}
