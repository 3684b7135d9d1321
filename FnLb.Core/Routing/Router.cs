using System.Diagnostics;
using FnLb.Core.Nodes;

namespace FnLb.Core.Routing;

/// <summary>Places each call on a node, counts it in flight, and learns from how it ended.</summary>
/// <remarks>
/// Any thread; no locks, and no allocation for a function that was called before. Time comes from the caller (any
/// monotonic milliseconds), so that a decision costs no system call and a simulation can drive it.
/// </remarks>
public sealed class Router
{
    // A decision that lost its place to another loop's is made again; the last one stands, one call too many or not.
    private const int AttemptsMax = 4;

    // Both clocks count in whole milliseconds, ours as of the loop's last wake-up.
    private const long WaitSlackMilliseconds = 10;

    // After that nothing is left to know of a function that could not be learned again with its next call.
    private const int FunctionKeptSeconds = 60;

    // Home and one more: most functions never need others, and a path that is called once needs no more memory.
    private const int FirstRanks = 2;

    private readonly Lock _publishing = new();
    private readonly WarmRankTuning _tuning;
    private readonly WarmRankLearning _learning;
    private readonly FunctionTable _functions;
    private readonly ClusterLoad _cluster = new();
    private NodeRing _ring = new([], [], version: 0);

    // Of the ring's nodes; replaced as a whole when they change, never written into.
    private IReadOnlyList<Node> _nodes = [];
    private volatile Dictionary<Node, NodeLoad> _loads = [];

    public Router(NodeDirectory directory)
        : this(directory, new RouterOptions(), WarmRankTuning.Default)
    {
    }

    public Router(NodeDirectory directory, RouterOptions options)
        : this(directory, options, WarmRankTuning.Default)
    {
    }

    internal Router(NodeDirectory directory, RouterOptions options, WarmRankTuning tuning)
    {
        KeyRule = options.KeyRule;
        _tuning = tuning;
        _learning = new WarmRankLearning(tuning, _cluster);
        _functions = new FunctionTable(options.FunctionsMax, FunctionKeptSeconds);
        directory.MembershipChanged += Publish;
        directory.WeightsChanged += Publish;
        directory.Returning += (node, _) => Forgive(node);
        Publish(directory.Nodes);
    }

    /// <summary>What of a request names its function.</summary>
    public RouteKeyRule KeyRule { get; }

    /// <summary>The nodes as of now.</summary>
    public NodeRing Ring => Volatile.Read(ref _ring);

    /// <summary>Calls placed and not released, over all nodes and loops.</summary>
    public int InFlight => _cluster.InFlight;

    /// <summary>Functions for which estimates are kept.</summary>
    public int FunctionCount => _functions.Count;

    /// <summary>Makes the ring that of the given nodes; what was learned of those that stay is kept.</summary>
    /// <param name="nodes">Never written into: the same list again says that no node came or left.</param>
    internal void Publish(IReadOnlyList<Node> nodes)
    {
        lock (_publishing)
        {
            // A directory gives the same list as long as the nodes are the same: then only weights have changed.
            bool hasOtherNodes = nodes != _nodes;
            Dictionary<Node, NodeLoad> known = _loads;
            NodeLoad[] loads = hasOtherNodes
                ? [.. nodes.Select(node => known.GetValueOrDefault(node) ?? Learn(node))]
                : _ring.Loads;

            // First, since it refuses weights that are none.
            NodeRing ring = new(nodes, loads, _ring.Version + 1);
            _loads = hasOtherNodes ? loads.ToDictionary(load => load.Node) : known;
            _nodes = nodes;
            Volatile.Write(ref _ring, ring);
        }
    }

    /// <summary>Chooses a node for a call.</summary>
    /// <param name="tried">Nodes this call was placed on before; it is not placed there again.</param>
    /// <param name="nowMilliseconds">Monotonic, not negative.</param>
    /// <returns>
    /// Reason None when there is no such node; otherwise the call is counted in flight until <see cref="Release"/>.
    /// </returns>
    public Placement Place(RouteKey route, ReadOnlySpan<Node> tried, long nowMilliseconds)
    {
        Place(route, tried.IsEmpty ? null : [.. tried], nowMilliseconds, out Placement placement);
        return placement;
    }

    /// <summary>The same, written where it is kept: a copy of it would have to note every reference it holds.</summary>
    /// <param name="tried">As above, not empty; null without any. A set: a decision may ask for every node.</param>
    public void Place(RouteKey route, HashSet<Node>? tried, long nowMilliseconds, out Placement placement)
    {
        NodeRing ring = Ring;
        FunctionLoad? function = _functions.FindOrAdmit(route, (int)(nowMilliseconds / 1000));
        for (int attempt = 1; function is not null && attempt <= AttemptsMax; attempt++)
        {
            if (!function.TryOpen(route, ring, out int epoch, out RankedSlot[] slots))
            {
                if (!function.IsBehind(ring) || !TryLayOut(function, route, ring, function.Ranks))
                {
                    break;
                }

                continue;
            }

            WarmRank decision = new(route, ring, slots, function, tried, _cluster, _tuning, nowMilliseconds);
            PlacementChoice choice = decision.Choose();
            if (choice.IsNone)
            {
                placement = default;
                return;
            }

            if (decision.WarmRanks >= 0 && decision.WarmRanks < function.HotRanks)
            {
                ForgetRanks(function, route, ring, decision.WarmRanks);
            }

            if ((decision.WantsRank || choice.Rank < 0) && TryAddRanks(function, route, ring, choice))
            {
                continue;
            }

            bool isLast = attempt == AttemptsMax;
            if (TryEnter(decision, choice, function, slots, epoch, isLast, out placement))
            {
                return;
            }
        }

        placement = PlaceWithoutSlots(ring, route, tried, nowMilliseconds);
    }

    /// <summary>Counts a call in flight on a node that was chosen by other means than its route.</summary>
    public Placement Pin(Node node)
    {
        int calls = node.Enter();
        _cluster.Enter();
        return new Placement(node, PlacementReason.Pinned)
        {
            Rank = -1,
            NodeCalls = calls,
            Cap = double.PositiveInfinity,
        };
    }

    /// <summary>Counts a placed call out and learns from how it went.</summary>
    /// <param name="waitNanoseconds">How long the call waited at the node, as that says; -1 when it does not.</param>
    /// <param name="nowMilliseconds">By the clock the call was placed with.</param>
    public void Release(in Placement placement, CallOutcome outcome, long waitNanoseconds, long nowMilliseconds)
    {
        Debug.Assert(placement.Node is not null, "Only a call that was placed can be released.");
        placement.Node.Leave();
        _cluster.Leave();
        if (placement.Load is not { } load)
        {
            return;
        }

        int rank = placement.Rank;
        FunctionLoad? function = placement.Function;
        RankedSlot[] slots = function?.Leave(placement.Route, load.Id, placement.Epoch, ref rank) ?? [];
        if (outcome == CallOutcome.NotStarted)
        {
            double mean = _cluster.MeanWithOneMore(Ring, nowMilliseconds);
            _learning.LearnRefusal(load, placement, mean, nowMilliseconds);
        }
        else if (outcome == CallOutcome.Answered)
        {
            double wait = BelievableMilliseconds(waitNanoseconds, nowMilliseconds - placement.SentMilliseconds);
            _learning.LearnNodeAnswer(load, placement, wait);
            if (function is not null && slots.Length > 0)
            {
                function.RaiseHotRanks(rank + 1);
                if (wait >= 0)
                {
                    _learning.LearnFunctionAnswer(ref slots[rank], function, placement, wait, nowMilliseconds);
                }
            }
        }
    }

    /// <summary>What is known of a route, and where a call would go now. Counts nothing; allocates.</summary>
    public RouteExplanation Explain(RouteKey route, long nowMilliseconds) =>
        RouteExplanation.Of(route, Ring, _functions.Find(route), _cluster, _tuning, nowMilliseconds);

    /// <summary>The node that ranks first for a route, whatever state it is in; null without nodes.</summary>
    public Node? HomeOf(RouteKey route)
    {
        NodeRing ring = Ring;
        Span<int> home = stackalloc int[int.Min(ring.Count, 1)];
        ring.SelectRanks(route, home);
        return home.IsEmpty ? null : ring.Nodes[home[0]];
    }

    /// <summary>What is known of all nodes, their warm containers aside. Allocates.</summary>
    public ClusterSurvey Survey() => ClusterSurvey.Of(Ring, _cluster);

    /// <summary>As <see cref="Survey"/>, with warm containers. Looks at every function: when somebody asks.</summary>
    public ClusterSurvey SurveyWarm(long nowMilliseconds)
    {
        NodeRing ring = Ring;
        int window = (int)(nowMilliseconds / _tuning.WindowMilliseconds);
        return ClusterSurvey.Of(ring, _cluster).WithWarm(ring, _functions, window);
    }

    /// <summary>What the removal of a node would move, as far as this load balancer's traffic tells.</summary>
    public RemovalForecast WhatIfRemoved(Node node, long nowMilliseconds) =>
        RemovalForecast.Of(node, Ring, _functions, (int)(nowMilliseconds / _tuning.WindowMilliseconds));

    /// <summary>What was learned so far, for the process that takes this one's place. Any thread; allocates.</summary>
    public RoutingSnapshot Remember(long nowMilliseconds) =>
        RouterMemory.Of(Ring, _functions, (int)(nowMilliseconds / _tuning.WindowMilliseconds));

    /// <summary>Takes over what another process learned. Before the first call.</summary>
    public void Recall(RoutingSnapshot snapshot, long nowMilliseconds) => RouterMemory.Restore(
        snapshot, Ring, _functions, (int)(nowMilliseconds / _tuning.WindowMilliseconds), (int)(nowMilliseconds / 1000));

    // A wait that is longer than the call took cannot be true.
    private static double BelievableMilliseconds(long waitNanoseconds, long callMilliseconds)
    {
        double wait = waitNanoseconds / 1e6;
        return waitNanoseconds < 0 || wait > callMilliseconds + WaitSlackMilliseconds ? -1 : wait;
    }

    // Whoever lets the node take calls again has looked at it later than the calls that failed there.
    private void Forgive(Node node) => _loads.GetValueOrDefault(node)?.Forgive();

    private NodeLoad Learn(Node node) => new(node, _tuning.LimitStart);

    private Placement PlaceWithoutSlots(NodeRing ring, RouteKey route, HashSet<Node>? tried, long nowMilliseconds)
    {
        Span<RankedSlot> slots = stackalloc RankedSlot[RankSelection.RanksMax];
        Span<int> order = stackalloc int[RankSelection.RanksMax];
        int ranks = int.Min(ring.Count, order.Length);
        ring.SelectRanks(route, order[..ranks]);
        for (int rank = 0; rank < ranks; rank++)
        {
            slots[rank].Renew(order[rank], ring.Loads[order[rank]].Id, epoch: 0, default);
        }

        for (int attempt = 1; ; attempt++)
        {
            WarmRank decision = new(route, ring, slots[..ranks], null, tried, _cluster, _tuning, nowMilliseconds);
            PlacementChoice choice = decision.Choose();
            if (choice.IsNone)
            {
                return default;
            }

            bool isLast = attempt == AttemptsMax;
            if (TryEnter(decision, choice, null, [], epoch: 0, isLast, out Placement placement))
            {
                return placement;
            }
        }
    }

    // Reserve first, then look whether that was one too many: a burst of decisions on several loops does not overshoot.
    private bool TryEnter(
        in WarmRank decision,
        in PlacementChoice choice,
        FunctionLoad? function,
        RankedSlot[] slots,
        int epoch,
        bool isLast,
        out Placement placement)
    {
        placement = default;
        int functionCalls = 0;
        int warm = 0;
        NodeLoad load = decision.LoadOf(choice);
        Span<RankedSlot> slot = function is null || choice.Rank < 0 ? [] : slots.AsSpan(choice.Rank, 1);
        if (!slot.IsEmpty)
        {
            warm = slot[0].Warm(decision.Window);
            if (!slot[0].TryEnter(epoch, out functionCalls))
            {
                return false;
            }
        }

        int nodeCalls = load.Node.Enter();
        bool isTooMany = nodeCalls - 1 >= choice.Cap || (choice.Step == PlacementStep.Warm && functionCalls > warm);
        if (isTooMany && !isLast)
        {
            load.Node.Leave();
            if (!slot.IsEmpty)
            {
                _ = slot[0].TryLeave(epoch);
            }

            return false;
        }

        _cluster.Enter();
        if (!slot.IsEmpty)
        {
            slot[0].CountCall(decision.Window);
            if (!load.SendsWait)
            {
                slot[0].RaiseWarm(decision.Window, functionCalls);
            }
        }

        placement = new Placement(load.Node, choice.ReasonIn(decision))
        {
            Rank = choice.Rank,
            FunctionCalls = functionCalls,
            NodeCalls = nodeCalls,
            WarmContainers = warm,
            Cap = choice.Cap,
            Route = decision.Route,
            Load = load,
            Function = slot.IsEmpty ? null : function,
            Epoch = epoch,
            Step = choice.Step,
            SentMilliseconds = decision.NowMilliseconds,
        };
        return true;
    }

    private bool TryLayOut(FunctionLoad function, RouteKey route, NodeRing ring, int ranks) =>
        _functions.TryLayOut(function, route, ring, int.Max(ranks, FirstRanks));

    private void ForgetRanks(FunctionLoad function, RouteKey route, NodeRing ring, int warmRanks)
    {
        if (warmRanks <= RankSelection.RanksMax && function.HotRanks > RankSelection.RanksMax)
        {
            _ = TryLayOut(function, route, ring, RankSelection.RanksMax);
        }

        function.HotRanks = warmRanks;
    }

    private bool TryAddRanks(FunctionLoad function, RouteKey route, NodeRing ring, in PlacementChoice choice)
    {
        int needed = choice.Rank < 0 ? ring.RankOf(choice.NodeIndex, route) + 1 : function.Ranks + 1;
        int rounded = (needed + RankSelection.RanksMax - 1) / RankSelection.RanksMax * RankSelection.RanksMax;

        // Each layout costs all nodes: one that spreads over all of them gets there in a few.
        int grown = function.Ranks < RankSelection.RanksMax ? rounded : int.Max(rounded, function.Ranks * 3 / 2);
        return function.Ranks < ring.Count && TryLayOut(function, route, ring, int.Min(grown, ring.Count));
    }
}
