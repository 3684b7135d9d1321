namespace FnLb.Core.Proxy;

/// <summary>What becomes of a client's connection when its answer went out.</summary>
internal enum AfterAnswer : byte
{
    /// <summary>The next request may come.</summary>
    KeepAlive,

    /// <summary>Nothing more is expected.</summary>
    Close,

    /// <summary>
    /// The client may still be sending a request that was answered without reading it: what comes is read and dropped
    /// for a while, since closing at once would reset the connection and could cost the client its answer (RFC 9112
    /// section 9.6).
    /// </summary>
    Linger,
}
