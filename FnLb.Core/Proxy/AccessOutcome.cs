namespace FnLb.Core.Proxy;

/// <summary>How a call ended, for its line in the access log.</summary>
internal readonly ref struct AccessOutcome
{
    /// <summary>Text of the client's address.</summary>
    public required ReadOnlySpan<byte> Client { get; init; }

    /// <summary>Of the answer; 0 when none began.</summary>
    public required int Status { get; init; }

    /// <summary>Of a node's answer, head included; 0 for our own.</summary>
    public long Bytes { get; init; }

    public long DurationNanoseconds { get; init; }

    /// <summary>The part of it that was not the node's.</summary>
    public long AddedNanoseconds { get; init; }

    /// <summary>-1 when the node does not say.</summary>
    public required long WaitNanoseconds { get; init; }

    /// <summary>Address of the last node that had the call; empty for none.</summary>
    public ReadOnlySpan<byte> Node { get; init; }

    public required ReadOnlySpan<byte> Placement { get; init; }

    /// <summary>Placements after the first.</summary>
    public int Retries { get; init; }

    /// <summary>"complete", or what went wrong.</summary>
    public required ReadOnlySpan<byte> Close { get; init; }
}
