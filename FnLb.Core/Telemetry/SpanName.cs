namespace FnLb.Core.Telemetry;

/// <summary>The spans of a call, named as the original named them.</summary>
public enum SpanName
{
    /// <summary><c>lb_serve</c>: from the request's arrival to the end of its answer.</summary>
    Serve,

    /// <summary><c>lb_route</c>: choosing a node and getting hold of a connection to it; within serve.</summary>
    Route,

    /// <summary><c>lb_roundtrip</c>: from sending the call to a node to the end of its answer; within serve.</summary>
    RoundTrip,
}
