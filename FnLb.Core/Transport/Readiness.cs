namespace FnLb.Core.Transport;

/// <summary>What epoll says of a descriptor; the values are those of <c>epoll_ctl(2)</c>.</summary>
[Flags]
internal enum Readiness : uint
{
    None = 0,
    Readable = 0x001,
    Writable = 0x004,
    Error = 0x008,
    HungUp = 0x010,

    /// <summary>The peer will send no more (EPOLLRDHUP).</summary>
    PeerFinished = 0x2000,

    /// <summary>Wake one of the loops that share the descriptor, not all (EPOLLEXCLUSIVE).</summary>
    Exclusive = 1u << 28,

    /// <summary>Report changes, not states (EPOLLET).</summary>
    EdgeTriggered = 1u << 31,
}
