using System.Globalization;
using System.Text;
using FnLb.Core.Http1;
using FnLb.Core.Routing;
using FnLb.Core.Telemetry;
using FnLb.Core.Transport;

namespace FnLb.Core.Proxy;

/// <summary>The spans of one call that is traced, until it has ended.</summary>
internal sealed class CallTrace
{
    private const int PathCharsMax = 256;

    private readonly CallTracer _tracer;
    private readonly TraceContext _parent;
    private readonly ulong _traceHigh;
    private readonly ulong _traceLow;
    private readonly ulong _serveId;
    private readonly string _method;
    private readonly string _path;

    // The tracestate lines of the trace that goes on here; of another they would be untrue.
    private readonly string _state;
    private readonly long _arrivedNanoseconds;

    // What has to be added to the loop's clock for the time of day.
    private readonly long _epochNanoseconds;

    private long _routeNanoseconds;
    private long _sentNanoseconds;
    private ulong _roundTripId;
    private string _node = "";
    private string _placement = "";

    public CallTrace(
        CallTracer tracer, in TraceContext parent, RequestHead head, ReadOnlySpan<byte> bytes, long arrivedNanoseconds)
    {
        _tracer = tracer;
        _parent = parent;
        _traceHigh = parent.HasTrace ? parent.TraceHigh : tracer.NextId();
        _traceLow = parent.HasTrace ? parent.TraceLow : tracer.NextId();
        _serveId = tracer.NextId();
        _method = Encoding.Latin1.GetString(head.MethodText.Of(bytes));
        ReadOnlySpan<byte> path = head.Path.Of(bytes);
        _path = Encoding.Latin1.GetString(path[..int.Min(path.Length, PathCharsMax)]);
        _state = parent.IsW3c ? StateOf(head, bytes) : "";
        _arrivedNanoseconds = arrivedNanoseconds;
        long now = EventLoop.ReadNanoseconds();
        _epochNanoseconds = ((DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick) - now;
        _routeNanoseconds = now;
    }

    /// <summary>A node was chosen; the call is sent to it with the fields that are returned.</summary>
    /// <returns>Whole field lines; they replace what the client sent of a trace.</returns>
    public byte[] Place(in Placement placement)
    {
        _sentNanoseconds = EventLoop.ReadNanoseconds();
        _roundTripId = _tracer.NextId();
        _node = placement.Node?.Address.Text ?? "";
        _placement = Encoding.ASCII.GetString(LogWords.Of(placement.Reason));
        Add(SpanName.Route, _tracer.NextId(), _routeNanoseconds, _sentNanoseconds, status: 0, error: "");
        string b3Trace = _traceHigh == 0 ? Hex(_traceLow) : Hex(_traceHigh) + Hex(_traceLow);
        string decision = _parent.IsDebug ? "X-B3-Flags: 1" : "X-B3-Sampled: 1";
        return Encoding.Latin1.GetBytes(
            $"traceparent: 00-{Hex(_traceHigh)}{Hex(_traceLow)}-{Hex(_roundTripId)}-01\r\n"
            + $"X-B3-TraceId: {b3Trace}\r\nX-B3-SpanId: {Hex(_roundTripId)}\r\n"
            + $"X-B3-ParentSpanId: {Hex(_serveId)}\r\n{decision}\r\n{_state}");
    }

    /// <summary>The node did not take the call; another will be looked for.</summary>
    public void TakeBack(string error)
    {
        _routeNanoseconds = EventLoop.ReadNanoseconds();
        EndRoundTrip(status: 0, error, _routeNanoseconds);
    }

    /// <param name="status">Of the answer; 0 when none began.</param>
    /// <param name="error">What went wrong; empty when nothing did.</param>
    public void End(int status, string error, long nowNanoseconds)
    {
        EndRoundTrip(status, error, nowNanoseconds);
        Add(SpanName.Serve, _serveId, _arrivedNanoseconds, nowNanoseconds, status, error);
    }

    private static string StateOf(RequestHead head, ReadOnlySpan<byte> bytes)
    {
        string lines = "";
        foreach (ref readonly Field field in head.Fields.Span)
        {
            if (field.Kind == FieldKind.TraceContext
                && Ascii.EqualsIgnoreCase(field.Name.Of(bytes), "tracestate"u8)
                && !field.IsNominated)
            {
                lines += $"tracestate: {Encoding.Latin1.GetString(field.Value.Of(bytes))}\r\n";
            }
        }

        return lines;
    }

    private static string Hex(ulong id) => id.ToString("x16", CultureInfo.InvariantCulture);

    private void EndRoundTrip(int status, string error, long nowNanoseconds)
    {
        if (_roundTripId != 0)
        {
            Add(SpanName.RoundTrip, _roundTripId, _sentNanoseconds, nowNanoseconds, status, error);
            _roundTripId = 0;
        }
    }

    private void Add(SpanName name, ulong id, long begunNanoseconds, long endedNanoseconds, int status, string error) =>
        _tracer.Spans.Add(new TraceSpan
        {
            TraceHigh = _traceHigh,
            TraceLow = _traceLow,
            Id = id,
            ParentId = name == SpanName.Serve ? _parent.SpanId : _serveId,
            Name = name,
            StartNanoseconds = begunNanoseconds + _epochNanoseconds,
            DurationNanoseconds = long.Max(endedNanoseconds - begunNanoseconds, 0),
            Method = _method,
            Path = _path,
            Status = status,
            Node = name == SpanName.Serve ? "" : _node,
            Placement = name == SpanName.Route ? _placement : "",
            Error = error,
            IsDebug = _parent.IsDebug,
        });
}
