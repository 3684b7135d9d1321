namespace FnLb.Core.Proxy;

/// <summary>Why a relay stopped.</summary>
internal enum RelayStatus : byte
{
    /// <summary>The whole body, trailers included, is on its way.</summary>
    Done,

    /// <summary>A piece went through; there may be more right away.</summary>
    Moved,

    /// <summary>The source has nothing more buffered.</summary>
    NeedsSource,

    /// <summary>The target takes no more now.</summary>
    NeedsTarget,

    /// <summary>The source ended before its framing said so.</summary>
    Truncated,

    /// <summary>The source's framing is malformed.</summary>
    Rejected,

    /// <summary>The body is larger than it may be.</summary>
    TooLarge,
}
