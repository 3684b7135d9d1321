namespace FnLb.Core.Proxy;

/// <summary>The state of an exchange as far as it matters for what follows from a fault.</summary>
/// <param name="IsIdempotent">Running the call twice does no harm (RFC 9110 section 9.2.2).</param>
/// <param name="IsHeld">Every byte of the request that was sent is still here.</param>
/// <param name="HasSent">A byte of the request may have reached the node.</param>
/// <param name="MayBeStale">The node may have closed the connection for being idle while the request was on its
/// way.</param>
/// <param name="HasRepeated">The call was sent a second time already after a node had seen it.</param>
/// <param name="HasBudget">One more call may run a second time now.</param>
/// <param name="AnswerStarted">A byte of the answer went to the client.</param>
internal readonly record struct FaultContext(
    bool IsIdempotent, bool IsHeld, bool HasSent, bool MayBeStale, bool HasRepeated, bool HasBudget,
        bool AnswerStarted);
