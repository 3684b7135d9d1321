namespace FnLb.Core.Http1;

/// <summary>What this hop adds to a request it forwards.</summary>
internal readonly ref struct RequestHop
{
    /// <summary>Text of the client's IP address, appended to X-Forwarded-For.</summary>
    public required ReadOnlySpan<byte> ClientAddress { get; init; }

    /// <summary>For X-Request-Id when the client sent none; empty to add none.</summary>
    public ReadOnlySpan<byte> RequestId { get; init; }

    /// <summary>Whole field lines that stand for what the client sent of a trace; empty to pass that on.</summary>
    public ReadOnlySpan<byte> TraceFields { get; init; }

    /// <summary>The node's host and port, which is the Host of a request that came without one (HTTP/1.0).</summary>
    public ReadOnlySpan<byte> NodeAuthority { get; init; }
}
