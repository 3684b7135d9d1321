namespace FnLb.Host.Telemetry;

/// <summary>The types of the text format; it writes them in lower case.</summary>
internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}
