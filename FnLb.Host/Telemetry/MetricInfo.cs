namespace FnLb.Host.Telemetry;

/// <summary>A metric as it is described: on the page itself and in docs/metrics.md.</summary>
/// <param name="Name">By the conventions of Prometheus: base unit last, <c>_total</c> for a counter.</param>
/// <param name="Labels">Names of its labels; empty when there is one series only.</param>
/// <param name="Help">One sentence, with the unit where the name does not say it.</param>
internal sealed record MetricInfo(string Name, MetricKind Kind, string Labels, string Help);
