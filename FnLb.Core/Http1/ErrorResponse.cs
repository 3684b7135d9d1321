namespace FnLb.Core.Http1;

/// <summary>An answer made here, without a node.</summary>
internal readonly ref struct ErrorResponse
{
    public required int Status { get; init; }

    /// <summary>Text of the error object; empty for an answer without a body.</summary>
    public required ReadOnlySpan<char> Message { get; init; }

    /// <summary>Now as IMF-fixdate.</summary>
    public required ReadOnlySpan<byte> Date { get; init; }

    /// <summary>The connection ends after this response.</summary>
    public required bool Close { get; init; }

    /// <summary>The head only, with the Content-Length that GET would get.</summary>
    public bool IsHead { get; init; }

    /// <summary>The client asked in HTTP/1.0, where a connection that stays must be announced.</summary>
    public bool ClientIsHttp10 { get; init; }

    /// <summary>Retry-After in seconds; 0 for none.</summary>
    public int RetryAfterSeconds { get; init; }

    /// <summary>Value of Allow, which 405 requires; empty for none.</summary>
    public ReadOnlySpan<byte> Allow { get; init; }
}
