using FnLb.Core.Routing;

namespace FnLb.Benchmarks.Simulation;

/// <summary>A way to place calls, as one load balancer with its own view of the nodes.</summary>
internal interface IBalancer
{
    /// <summary>Whether a call that a node was too busy for is placed on another.</summary>
    bool PlacesBusyAgain { get; }

    /// <returns>Index of the node, or -1 when there is none.</returns>
    int Place(SimulatedCall call, long nowMilliseconds);

    /// <param name="waitNanoseconds">-1 when the node does not say.</param>
    void Release(SimulatedCall call, CallOutcome outcome, long waitNanoseconds, long nowMilliseconds);

    /// <summary>Whether new calls may go to a node.</summary>
    void SetPlaceable(int node, bool isPlaceable);
}
