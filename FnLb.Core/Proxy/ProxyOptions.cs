using System.Net;
using FnLb.Core.Http1;
using FnLb.Core.Telemetry;

namespace FnLb.Core.Proxy;

/// <summary>Limits and deadlines of the data plane; checked by whoever fills it in.</summary>
public sealed record ProxyOptions
{
    public HeadLimits HeadLimits { get; init; } = new();

    /// <summary>Event loops; each wants a core of its own.</summary>
    public int Loops { get; init; } = Environment.ProcessorCount;

    /// <summary>Clients at once, shared evenly among the loops.</summary>
    public int ConnectionsMax { get; init; } = 10_000;

    /// <summary>
    /// Every connection starts with a PROXY protocol header, version 1 or 2; one that does not is closed.
    /// </summary>
    public bool RequiresProxyHeader { get; init; }

    /// <summary>
    /// To connect to a node. Within one data centre a SYN that is not answered in 2 s was lost twice.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>From the first byte of a request's head to its last.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A client connection without a request; the same as nginx.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>
    /// A client connection without a request while this balancer drains: one whose client is busy gets its next request
    /// within that, and an answer that tells it to leave, instead of a close that crosses the request.
    /// </summary>
    public TimeSpan DrainGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// From the end of a request to the head of its answer; above Fn's longest synchronous call of 300 s.
    /// </summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(360);

    /// <summary>A body of which no byte moves in either direction.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>An upgraded connection on which nothing moves.</summary>
    public TimeSpan TunnelIdleTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// To read what a client still sends after the last answer on its connection, so that the answer is not lost to a
    /// reset.
    /// </summary>
    public TimeSpan LingerTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// An unused node connection, unless the node announced how long it keeps one; below the 60 s that is common among
    /// servers.
    /// </summary>
    public TimeSpan NodeIdleTimeout { get; init; } = TimeSpan.FromSeconds(55);

    /// <summary>
    /// A node whose kernel acknowledges nothing is gone. As long as a body may stand still, since a node that reads
    /// none of one looks the same.
    /// </summary>
    public TimeSpan NodeSilenceTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Bytes of a request's head and body that are kept until its answer starts, so that the call can be placed again.
    /// </summary>
    public int HeldBytesMax { get; init; } = 64 * 1024;

    /// <summary>Interim (1xx) answers relayed for one request; a node that sends more is at fault.</summary>
    public int InterimAnswersMax { get; init; } = 64;

    /// <summary>
    /// Turns through balancers of this kind, as Via counts them, after which a request is taken to go round in circles.
    /// </summary>
    public int HopsMax { get; init; } = 4;

    /// <summary>Statuses by which a node may say that it has no room for a call and did not start it.</summary>
    public IReadOnlyList<int> BusyStatuses { get; init; } = [503];

    /// <summary>What the body of such an answer contains; the default is what Fn says.</summary>
    public string BusyMessage { get; init; } = "Timed out - server too busy";

    /// <summary>Calls a second that may run again after their connection was lost, however few are in flight; beyond
    /// that a fifth of those in flight.</summary>
    public int RetriesPerSecondMin { get; init; } = 10;

    /// <summary>Functions that have latency histograms of their own, those called most; the rest share some.</summary>
    public int FunctionsMeasuredMax { get; init; } = 50;

    /// <summary>Where a line for each request goes; null for nowhere.</summary>
    public AccessLogChannel? AccessLog { get; init; }

    /// <summary>Where the spans of traced calls go; null traces none.</summary>
    public SpanChannel? Spans { get; init; }

    /// <summary>Largest request body in bytes; 0 for no limit.</summary>
    public long BodyBytesMax { get; init; }

    /// <summary>
    /// Where requests for the admin paths go when they arrive among the traffic; null when they are calls like any
    /// other.
    /// </summary>
    public EndPoint? AdminEndPoint { get; init; }
}
