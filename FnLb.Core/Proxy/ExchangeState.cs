namespace FnLb.Core.Proxy;

/// <summary>Where an exchange stands; the body of the request may move in any of them.</summary>
internal enum ExchangeState : byte
{
    /// <summary>The node connection is being made.</summary>
    Connecting,

    /// <summary>The request is on its way, or at the node.</summary>
    AwaitingAnswer,

    /// <summary>The answer's head went to the client; its body follows.</summary>
    RelayingAnswer,

    /// <summary>101: bytes pass both ways until both sides are done.</summary>
    Tunnelling,

    /// <summary>Over; the object is back in its pool.</summary>
    Ended,
}
