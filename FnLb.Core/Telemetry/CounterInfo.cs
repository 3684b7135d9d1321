namespace FnLb.Core.Telemetry;

/// <summary>What a counter is called outside.</summary>
/// <param name="Name">By the conventions of Prometheus: base unit, <c>_total</c>.</param>
/// <param name="Label">A label and its value, such as <c>class="2xx"</c>; empty when the name is enough.</param>
/// <param name="Help">One sentence; the same for all counters of a name.</param>
public readonly record struct CounterInfo(Counter Counter, string Name, string Label, string Help)
{
    /// <summary>It goes up and down: the present number of something.</summary>
    public bool IsGauge { get; init; }
}
