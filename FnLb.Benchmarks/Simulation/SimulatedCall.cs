using FnLb.Core.Routing;

namespace FnLb.Benchmarks.Simulation;

/// <summary>A call on its way through the cluster.</summary>
internal sealed class SimulatedCall(TracedCall traced, SimulatedFunction function)
{
    public TracedCall Traced { get; } = traced;

    public SimulatedFunction Function { get; } = function;

    /// <summary>Nodes it was placed on before.</summary>
    public List<int> Tried { get; } = [];

    public int Node { get; set; } = -1;

    /// <summary>When it came to the present node.</summary>
    public long PlacedMicroseconds { get; set; }

    public long StartedMicroseconds { get; set; } = -1;

    public SimulatedContainer? Container { get; set; }

    /// <summary>What the router of this load balancer, if it has one, knows the call by.</summary>
    public Placement Placement { get; set; }
}
