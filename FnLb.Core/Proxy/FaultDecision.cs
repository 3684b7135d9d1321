using System.Diagnostics;

namespace FnLb.Core.Proxy;

/// <summary>What to do about a fault: the action, and the answer if it comes to one.</summary>
internal readonly record struct FaultDecision(FaultAction Action, int Status, string Message, int RetryAfterSeconds = 0)
{
    /// <summary>A pure function of the fault and the exchange's state.</summary>
    /// <remarks>
    /// A call that cannot have started may go anywhere. One that may have started is repeated once, if its method says
    /// that this does no harm: when the connection had been idle the node most likely just closed it, so the same node
    /// gets it again; else the next one does.
    /// </remarks>
    public static FaultDecision For(FaultKind kind, in FaultContext context)
    {
        if (context.AnswerStarted || kind == FaultKind.ClientLeft)
        {
            return new FaultDecision(FaultAction.Cut, 0, string.Empty);
        }

        if (kind is FaultKind.ConnectFailed or FaultKind.Busy && context.IsHeld)
        {
            return new FaultDecision(FaultAction.TryNextNode, 0, string.Empty);
        }

        bool mayRunTwice = context.IsIdempotent && !context.HasRepeated && context.HasBudget;
        bool mayRepeat = context.IsHeld && (!context.HasSent || mayRunTwice);
        if (kind == FaultKind.NoAnswer && mayRepeat)
        {
            FaultAction action = context.IsReused ? FaultAction.TryFreshConnection : FaultAction.TryNextNode;
            return new FaultDecision(action, 0, string.Empty);
        }

        // A node took the call and left; that no other is there to take it tells the caller less.
        return Answer(kind == FaultKind.NoNode && context.HasRepeated ? FaultKind.NoAnswer : kind);
    }

    /// <summary>Nobody can take the call now; another try in a second may find room.</summary>
    public static FaultDecision Unavailable(string message) =>
        new(FaultAction.Answer, 503, message, RetryAfterSeconds: 1);

    private static FaultDecision Answer(FaultKind kind) => kind switch
    {
        FaultKind.NoNode or FaultKind.ConnectFailed => Unavailable("no node can take the call now; try again"),
        FaultKind.AllBusy => Unavailable("Timed out - server too busy"),
        FaultKind.NoAnswer => Bad("the node closed the connection without an answer; the call may have run"),
        FaultKind.AnswerTimeout =>
            new FaultDecision(FaultAction.Answer, 504, "the node did not answer in time; the call may have run"),
        FaultKind.MalformedAnswer => Bad("the node's answer was malformed"),
        FaultKind.CutAnswer => Bad("the node's answer ended before it was complete"),
        FaultKind.StalledAnswer =>
            new FaultDecision(FaultAction.Answer, 504, "the node stopped in the middle of its answer"),
        FaultKind.RequestTooLarge =>
            new FaultDecision(FaultAction.Answer, 413, "the body is larger than this load balancer was set to accept"),
        FaultKind.StalledRequest => new FaultDecision(FaultAction.Answer, 408, "the body did not arrive in time"),
        FaultKind.MalformedRequest => new FaultDecision(FaultAction.Answer, 400, "the body is malformed"),
        _ => throw new UnreachableException($"{kind} is never answered."),
    };

    private static FaultDecision Bad(string message) => new(FaultAction.Answer, 502, message);
}
