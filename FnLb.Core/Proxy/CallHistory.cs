using FnLb.Core.Telemetry;

namespace FnLb.Core.Proxy;

/// <summary>What one call has been through, and so what follows from its next fault.</summary>
internal sealed class CallHistory(ProxyLoop proxy)
{
    private int _busyRetryAfterSeconds;
    private bool _tookBudget;

    /// <summary>The call was sent a second time after a node may have seen it.</summary>
    public bool HasRepeated { get; private set; }

    /// <summary>A node that was tried may be tried once more when no other is left: it lost the call, and none said
    /// that it has no room.</summary>
    public bool MayReturn => HasRepeated && !HasMetBusy;

    /// <summary>What it means that no node is left.</summary>
    public FaultKind NoneLeft => HasMetBusy ? FaultKind.AllBusy : FaultKind.NoNode;

    private bool HasMetBusy => _busyRetryAfterSeconds > 0;

    /// <summary>A call begins.</summary>
    public void Begin()
    {
        _busyRetryAfterSeconds = 0;
        _tookBudget = false;
        HasRepeated = false;
        proxy.RetryBudget.Enter();
    }

    /// <summary>The call is over.</summary>
    public void End() => proxy.RetryBudget.Leave(_tookBudget);

    /// <summary>A node had no room for the call.</summary>
    /// <param name="seconds">When it may have some, above 0; the shortest is what a client is told.</param>
    public void NoteBusy(int seconds) =>
        _busyRetryAfterSeconds = HasMetBusy ? int.Min(_busyRetryAfterSeconds, seconds) : seconds;

    /// <summary>What to do about a fault; the call counts as repeated if that is to send it again.</summary>
    /// <param name="node">On which it happened; null without one.</param>
    /// <param name="isFree">A repeat takes nothing from the budget.</param>
    /// <param name="isHeld">Every byte of the request that was sent is still here.</param>
    /// <param name="answerStarted">A byte of the answer went to the client.</param>
    public FaultDecision Decide(
        FaultKind kind, NodeConnection? node, bool isFree, bool isIdempotent, bool isHeld, bool answerStarted)
    {
        // A connection that was left is closed or another's: only the loss of one is a reason to ask it.
        bool isLost = kind == FaultKind.NoAnswer && node is not null;
        bool hasSent = isLost && node!.MayHaveBeenRead;
        bool needsBudget = hasSent && isIdempotent && isHeld && !HasRepeated;
        FaultContext context = new(
            isIdempotent,
            isHeld,
            hasSent,
            MayBeStale: isLost && node!.MayBeStale,
            HasRepeated,
            HasBudget: !needsBudget || isFree || TryTakeBudget(),
            answerStarted);
        var decision = FaultDecision.For(kind, context);
        HasRepeated |= hasSent && decision.Action is (FaultAction.TryNextNode or FaultAction.TryFreshConnection);
        return kind != FaultKind.AllBusy ? decision : decision with
        {
            Message = proxy.Options.BusyMessage,
            RetryAfterSeconds = _busyRetryAfterSeconds,
        };
    }

    private bool TryTakeBudget()
    {
        bool isTaken = proxy.RetryBudget.TryTake(proxy.Loop.NowMilliseconds);
        proxy.Counters.Add(Counter.RetriesOverBudget, isTaken ? 0 : 1);
        _tookBudget |= isTaken;
        return isTaken;
    }
}
