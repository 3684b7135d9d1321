namespace FnLb.Core.Proxy;

/// <summary>What a client connection is doing.</summary>
internal enum ClientState : byte
{
    /// <summary>Waiting for a request, or in the middle of its head.</summary>
    ReadingHead,

    /// <summary>An exchange is under way.</summary>
    InExchange,

    /// <summary>The answer is complete, but the client has not taken all of it.</summary>
    Flushing,

    /// <summary>The last answer went out; what still comes in is read and dropped until the client closes.</summary>
    Lingering,
}
