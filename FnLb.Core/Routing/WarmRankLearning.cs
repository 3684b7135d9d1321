namespace FnLb.Core.Routing;

/// <summary>What a call that ended says about its node, its function and the cluster.</summary>
internal sealed class WarmRankLearning(WarmRankTuning tuning, ClusterLoad cluster)
{
    // A wait below this share of a start is that for a container another call left; above it, for one that started.
    private const double StartShareMin = 0.5;
    private const double StartShareMax = 2;
    private const double RefusedLimitMin = 2;
    private const double NearLimit = 0.8;
    private const double DecreaseFactor = 0.9;
    private const double RunStep = 0.05;

    /// <summary>
    /// The node did not start the call. With less than half of the load of others it is ill, not full; one that is full
    /// says that so many calls are too many, and nothing of what it takes with fewer.
    /// </summary>
    /// <param name="mean">Calls in flight on a node if all had the same.</param>
    public void LearnRefusal(NodeLoad load, in Placement placement, double mean, long nowMilliseconds)
    {
        if (placement.NodeCalls < (mean / 2) + 1)
        {
            int doublings = int.Min(load.Failures++, 16);
            long penalty = long.Min((long)tuning.PenaltyMillisecondsMin << doublings, tuning.PenaltyMillisecondsMax);
            load.PenaltyUntilMilliseconds = nowMilliseconds + penalty;
            load.Limit = double.Max(RefusedLimitMin, DecreaseFactor * load.Limit);
        }
        else
        {
            load.FullUntilMilliseconds = nowMilliseconds + tuning.FullMilliseconds;
            if (load.SendsWait)
            {
                Decrease(load, placement, nowMilliseconds);
            }
        }
    }

    /// <summary>The node answered.</summary>
    /// <param name="waitMilliseconds">-1 when the answer does not say.</param>
    public void LearnNodeAnswer(NodeLoad load, in Placement placement, double waitMilliseconds)
    {
        if (load.Failures > 0)
        {
            load.Failures = 0;
        }

        load.NoteAnswer(waitMilliseconds >= 0);
        if (waitMilliseconds < 0 || waitMilliseconds > tuning.WaitMillisecondsMin)
        {
            return;
        }

        if (load.Miss > 0.0001)
        {
            load.Miss *= 1 - tuning.MissStep;
        }

        if (placement.NodeCalls >= NearLimit * load.Limit)
        {
            double step = load.Limit < DecreaseFactor * load.LimitBefore ? 0.2 : 0.1;
            load.Limit = double.Min(load.Limit + step, tuning.LimitMax);
        }
    }

    /// <summary>The node answered a call whose function has a slot for it, and said how long the call waited.</summary>
    public void LearnFunctionAnswer(
        ref RankedSlot slot,
        FunctionLoad function,
        in Placement placement,
        double waitMilliseconds,
        long nowMilliseconds)
    {
        double run = double.Max(nowMilliseconds - placement.SentMilliseconds - waitMilliseconds, 0.1);
        double weight = function.RunMilliseconds <= 0 ? 1 : RunStep;
        function.RunMilliseconds += (float)(weight * (run - function.RunMilliseconds));
        int window = (int)(nowMilliseconds / tuning.WindowMilliseconds);
        double cold = tuning.ColdOf(function);
        if (placement.IsWarm)
        {
            cluster.NoteWarmCall(isEvicted: waitMilliseconds >= StartShareMin * cold, tuning.EvictedStep);
        }

        if (waitMilliseconds <= double.Max(tuning.WaitMillisecondsMin, tuning.WaitShareMin * cold))
        {
            slot.RaiseWarm(window, placement.FunctionCalls);
        }
        else if (placement.IsWarm)
        {
            LearnWarmWait(ref slot, placement, waitMilliseconds / cold, nowMilliseconds);
        }
        else
        {
            LearnColdWait(ref slot, function, placement, waitMilliseconds, nowMilliseconds);
        }
    }

    // There was no idle container. One that another call left means one fewer than thought; one that was started, that
    // it had been evicted. Either way the node has more to do than this load balancer knows of.
    private void LearnWarmWait(ref RankedSlot slot, in Placement placement, double waitOfCold, long nowMilliseconds)
    {
        int left = waitOfCold < StartShareMin ? int.Max(placement.FunctionCalls - 1, 1) : placement.FunctionCalls;
        slot.LimitWarm((int)(nowMilliseconds / tuning.WindowMilliseconds), left);
        NodeLoad load = placement.Load!;
        load.Miss += tuning.MissStep * (1 - load.Miss);
        if (load.Miss > tuning.MissMax)
        {
            Decrease(load, placement, nowMilliseconds);
        }
    }

    private void LearnColdWait(
        ref RankedSlot slot,
        FunctionLoad function,
        in Placement placement,
        double waitMilliseconds,
        long nowMilliseconds)
    {
        int window = (int)(nowMilliseconds / tuning.WindowMilliseconds);
        int started = int.Min(int.Min(slot.InFlight + 1, placement.FunctionCalls), slot.Warm(window) + 1);
        slot.RaiseWarm(window, started);
        if (waitMilliseconds > StartShareMax * tuning.ColdOf(function))
        {
            Decrease(placement.Load!, placement, nowMilliseconds);
        }

        // Only a call that met no container at all waited for a start and nothing else; the shorter waits are the
        // truer.
        if (placement.WarmContainers == 0)
        {
            double known = function.ColdMilliseconds;
            double weight = known <= 0 ? 1 : waitMilliseconds < known ? 0.3 : 0.02;
            function.ColdMilliseconds = (float)(known + (weight * (waitMilliseconds - known)));
        }
    }

    private void Decrease(NodeLoad load, in Placement placement, long nowMilliseconds)
    {
        if (nowMilliseconds - load.DecreasedMilliseconds < tuning.DecreaseMillisecondsMin)
        {
            return;
        }

        double limit = double.Max(tuning.LimitMin, DecreaseFactor * double.Max(placement.NodeCalls, load.Limit));
        load.DecreasedMilliseconds = nowMilliseconds;
        load.IsLimitKnown = true;
        load.LimitBefore = load.Limit;
        load.Limit = double.Min(load.Limit, limit);
        load.Miss /= 2;
    }
}
