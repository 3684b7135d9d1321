using FnLb.Core.Telemetry;

namespace FnLb.Host.Tracing;

/// <summary>How spans are written for a kind of collector, and where they go.</summary>
internal interface ISpanFormat
{
    CollectorAddress Collector { get; }

    /// <summary>What became of the spans that were written for it.</summary>
    SpanTally Tally { get; }

    /// <summary>A JSON document.</summary>
    byte[] Write(IReadOnlyList<TraceSpan> spans);

    /// <summary>How many spans a collector refused although its answer is a success.</summary>
    /// <param name="answer">The body of that; anything, or nothing.</param>
    long CountRejected(ReadOnlyMemory<byte> answer);
}
