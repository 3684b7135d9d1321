namespace FnLb.Core.Proxy;

/// <summary>What follows from a fault.</summary>
internal enum FaultAction : byte
{
    /// <summary>Answer with the decided status.</summary>
    Answer,

    /// <summary>Place the call on another node.</summary>
    TryNextNode,

    /// <summary>Send the call to the same node, where it is hot, on a new connection.</summary>
    TryFreshConnection,

    /// <summary>
    /// Part of an answer went out already, or nobody is there to read one: cut the client's connection.
    /// </summary>
    Cut,
}
