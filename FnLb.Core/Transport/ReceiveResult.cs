namespace FnLb.Core.Transport;

/// <summary>What came of one receive call.</summary>
internal enum ReceiveResult : byte
{
    /// <summary>Bytes were added to what is buffered.</summary>
    Data,

    /// <summary>Nothing there now; an event will tell.</summary>
    WouldBlock,

    /// <summary>The peer has finished sending; what is buffered is the rest.</summary>
    Ended,

    /// <summary>The connection is broken.</summary>
    Failed,
}
