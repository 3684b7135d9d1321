namespace FnLb.Benchmarks.Simulation;

/// <summary>A container of a function on a node.</summary>
internal sealed class SimulatedContainer(SimulatedNode node, SimulatedFunction function, int generation)
{
    public SimulatedNode Node { get; } = node;

    public SimulatedFunction Function { get; } = function;

    /// <summary>Of the node, when it was launched.</summary>
    public int Generation { get; } = generation;

    public bool IsIdle { get; set; }

    public long IdleSinceMicroseconds { get; set; }

    public bool IsGone { get; set; }

    /// <summary>How often it became idle.</summary>
    public int IdlePeriods { get; set; }
}
