namespace FnLb.Core.Proxy;

/// <summary>What one pump of an answer came to.</summary>
internal enum AnswerStatus : byte
{
    /// <summary>Nothing can be done before one of the connections is ready.</summary>
    Waiting,

    /// <summary>Something moved: there may be more to do.</summary>
    Moved,

    /// <summary>The final head was staged for the client.</summary>
    Started,

    /// <summary>The node switched protocols, as the client had asked; the head of the 101 was sent on.</summary>
    Upgraded,

    /// <summary>The node has no room for the call and did not start it; see
    /// <see cref="AnswerRelay.RetryAfterSeconds"/>.</summary>
    Busy,

    /// <summary>The answer is complete.</summary>
    Complete,

    /// <summary>See <see cref="AnswerRelay.Fault"/>.</summary>
    Failed,
}
