namespace FnLb.Core.Http1;

/// <summary>What a response's head says. A reusable table, one per event loop: valid until the next parse into it, and
/// its slices only together with the bytes it was parsed from.</summary>
internal sealed class ResponseHead(HeadLimits limits)
{
    /// <summary>Bytes of input the head took.</summary>
    public int Length { get; internal set; }

    /// <summary>100 to 999.</summary>
    public int Status { get; internal set; }

    /// <summary>The status line, CRLF included, when this hop would write it the same; else empty.</summary>
    public Slice VerbatimLine { get; internal set; }

    /// <summary>Reason phrase as it came; may be empty.</summary>
    public Slice Reason { get; internal set; }

    public bool IsHttp10 { get; internal set; }

    /// <summary>Decided from the status and the request's method too: None for HEAD, 1xx, 204 and 304; Length 0 for
    /// 205.</summary>
    public BodyFraming Framing { get; internal set; }

    /// <summary>The value of Content-Length, -1 when absent. With Framing None it is what HEAD and 304 announce, not
    /// bytes that follow.</summary>
    public long ContentLength { get; internal set; }

    /// <summary>Whether the node connection may be used again once the body was read, as far as the head
    /// says.</summary>
    public bool KeepAlive { get; internal set; }

    /// <summary>Of Keep-Alive: timeout=N, in seconds; -1 when absent or malformed.</summary>
    public int KeepAliveTimeoutSeconds { get; internal set; }

    /// <summary>Value of XXX-FXLB-WAIT, empty when absent.</summary>
    public Slice Wait { get; internal set; }

    /// <summary>Value of Retry-After, empty when absent.</summary>
    public Slice RetryAfter { get; internal set; }

    public bool HasDate { get; internal set; }

    /// <summary>101 with Upgrade, nominated by Connection.</summary>
    public bool AcceptsUpgrade { get; internal set; }

    /// <summary>Names that Connection nominated, for the trailers.</summary>
    public NameFilter NominatedNames { get; internal set; }

    public FieldTable Fields { get; } = new(limits);
}
