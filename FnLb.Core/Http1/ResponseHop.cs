namespace FnLb.Core.Http1;

/// <summary>How this hop sends a response on.</summary>
internal readonly ref struct ResponseHop
{
    /// <summary>How the client will find the end of the body. UntilClose goes with <see cref="Close"/>.</summary>
    public required BodyFraming Framing { get; init; }

    /// <summary>The connection ends after this response.</summary>
    public required bool Close { get; init; }

    public required bool ClientIsHttp10 { get; init; }

    /// <summary>Now as IMF-fixdate, used when the node sent no Date.</summary>
    public required ReadOnlySpan<byte> Date { get; init; }
}
