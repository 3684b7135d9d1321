namespace FnLb.Core.Proxy;

/// <summary>What went wrong in an exchange, by the side that caused it.</summary>
internal enum FaultKind : byte
{
    /// <summary>No node takes calls, or all that do were tried.</summary>
    NoNode,

    /// <summary>A node has no room for the call and did not start it.</summary>
    Busy,

    /// <summary>Every node that takes calls has no room for this one.</summary>
    AllBusy,

    /// <summary>A node refused the connection, or could not be reached in time.</summary>
    ConnectFailed,

    /// <summary>The node connection ended before one byte of the answer.</summary>
    NoAnswer,

    /// <summary>The node did not answer in time.</summary>
    AnswerTimeout,

    /// <summary>The node's answer is malformed or ambiguous.</summary>
    MalformedAnswer,

    /// <summary>The node's answer ended before its framing said so.</summary>
    CutAnswer,

    /// <summary>No byte of the answer's body moved in time.</summary>
    StalledAnswer,

    /// <summary>The client's body is malformed.</summary>
    MalformedRequest,

    /// <summary>The client's body is larger than the operator allows.</summary>
    RequestTooLarge,

    /// <summary>No byte of the request's body moved in time.</summary>
    StalledRequest,

    /// <summary>The client closed its connection.</summary>
    ClientLeft,
}
