using FnLb.Core.Http1;
using FnLb.Core.Telemetry;

namespace FnLb.Core.Proxy;

/// <summary>Decides which calls of a loop are traced; on its thread only.</summary>
/// <remarks>Whoever sent the call decides first; else chance does. A call that is not traced costs no memory.</remarks>
internal sealed class CallTracer(SpanChannel spans)
{
    private const int TraceOffset = 16;
    private const int SpanOffset = TraceOffset + 33;

    private readonly byte[] _declining =
        "traceparent: 00-00000000000000000000000000000000-0000000000000000-00\r\nX-B3-Sampled: 0\r\n"u8.ToArray();

    // Not a secret, so not from the system's generator: ids need to differ, not to surprise.
    private readonly Random _random = new();

    public SpanChannel Spans { get; } = spans;

    /// <returns>Null for a call that is not traced.</returns>
    /// <param name="isDecided">Whether the request itself says what the decision is.</param>
    public CallTrace? TryBegin(RequestHead head, ReadOnlySpan<byte> bytes, long arrivedNanoseconds, out bool isDecided)
    {
        TraceContext context = TraceContext.Of(head, bytes);
        isDecided = context.IsSampled is not null;
        bool isSampled = context.IsSampled ?? _random.NextDouble() < Spans.SampleShare;
        return isSampled ? new CallTrace(this, context, head, bytes, arrivedNanoseconds) : null;
    }

    /// <summary>
    /// What tells a node of either kind that the call is not traced: without a traceparent it would decide by itself.
    /// </summary>
    /// <returns>Whole field lines, with ids that are used once; valid until the next call.</returns>
    public ReadOnlySpan<byte> Decline()
    {
        Write(TraceOffset, NextId());
        Write(TraceOffset + 16, NextId());
        Write(SpanOffset, NextId());
        return _declining;
    }

    /// <summary>Not 0.</summary>
    public ulong NextId() => (ulong)_random.NextInt64(1, long.MaxValue);

    private void Write(int offset, ulong id) => HexDigits.Write(id, _declining.AsSpan(offset));
}
