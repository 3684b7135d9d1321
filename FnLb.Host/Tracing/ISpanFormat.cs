using FnLb.Core.Telemetry;

namespace FnLb.Host.Tracing;

/// <summary>How spans are written for a kind of collector, and where they go.</summary>
internal interface ISpanFormat
{
    Uri Collector { get; }

    /// <summary>A JSON document.</summary>
    byte[] Write(IReadOnlyList<TraceSpan> spans);
}
