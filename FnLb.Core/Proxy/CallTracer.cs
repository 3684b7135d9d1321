using FnLb.Core.Http1;
using FnLb.Core.Telemetry;

namespace FnLb.Core.Proxy;

/// <summary>Decides which calls of a loop are traced; on its thread only.</summary>
/// <remarks>Whoever sent the call decides first; else chance does. A call that is not traced costs no memory.</remarks>
internal sealed class CallTracer(SpanChannel spans)
{
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

    /// <summary>Not 0.</summary>
    public ulong NextId() => (ulong)_random.NextInt64(1, long.MaxValue);
}
