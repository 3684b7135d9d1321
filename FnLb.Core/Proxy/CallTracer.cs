using FnLb.Core.Http1;
using FnLb.Core.Telemetry;

namespace FnLb.Core.Proxy;

/// <summary>Decides which calls of a loop are traced; on its thread only.</summary>
/// <remarks>Whoever sent the call decides first; else chance does. A call that is not traced costs no memory.</remarks>
internal sealed class CallTracer
{
    // Added again and again, an odd number goes through all there are before it comes back to one; this one, 2^64 by
    // the golden ratio, spreads them evenly. The other is a factor of the finalizer of SplitMix64.
    private const ulong Step = 0x9E3779B97F4A7C15;
    private const ulong HighFactor = 0xBF58476D1CE4E5B9;
    private const int TraceOffset = 16;
    private const int SpanOffset = TraceOffset + (2 * HexDigits.Count) + 1;

    private readonly byte[] _declining =
        "traceparent: 00-00000000000000000000000000000000-0000000000000000-00\r\nX-B3-Sampled: 0\r\n"u8.ToArray();

    // Not a secret, so not from the system's generator: ids need to differ, not to surprise.
    private readonly Random _random = new();
    private readonly ulong _own;
    private ulong _last;

    public CallTracer(SpanChannel spans)
    {
        Spans = spans;
        _own = NextId();
        _last = NextId();
    }

    public SpanChannel Spans { get; }

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
    /// <remarks>
    /// Most calls are of these, so their ids are not drawn but counted, in steps that spread both halves: a sampler at
    /// the node may take the bits of an id for random ones.
    /// </remarks>
    /// <returns>Whole field lines, with ids that are used once and are not 0; valid until the next call.</returns>
    public ReadOnlySpan<byte> Decline()
    {
        _last += Step;
        _last += _last == 0 ? Step : 0;
        Span<byte> low = _declining.AsSpan(TraceOffset + HexDigits.Count, HexDigits.Count);
        HexDigits.Write(_own + (_last * HighFactor), _declining.AsSpan(TraceOffset));
        HexDigits.Write(_last, low);
        low.CopyTo(_declining.AsSpan(SpanOffset));
        return _declining;
    }

    /// <summary>Not 0.</summary>
    public ulong NextId() => (ulong)_random.NextInt64(1, long.MaxValue);
}
