using FnLb.Core.Routing;

namespace FnLb.Benchmarks.Simulation;

/// <summary>The node with the fewest calls in flight; among equals the one whose turn it is.</summary>
internal sealed class LeastConnectionsBalancer(int nodes) : IBalancer
{
    private readonly int[] _inFlight = new int[nodes];
    private readonly bool[] _isPlaceable = [.. Enumerable.Repeat(true, nodes)];
    private int _turn;

    public bool PlacesBusyAgain => false;

    public int Place(SimulatedCall call, long nowMilliseconds)
    {
        int chosen = -1;
        for (int step = 1; step <= nodes; step++)
        {
            int node = (_turn + step) % nodes;
            bool isOpen = _isPlaceable[node] && !call.Tried.Contains(node);
            if (isOpen && (chosen < 0 || _inFlight[node] < _inFlight[chosen]))
            {
                chosen = node;
            }
        }

        if (chosen >= 0)
        {
            _inFlight[chosen]++;
            _turn = chosen;
        }

        return chosen;
    }

    public void Release(SimulatedCall call, CallOutcome outcome, long waitNanoseconds, long nowMilliseconds) =>
        _inFlight[call.Node]--;

    public void SetPlaceable(int node, bool isPlaceable) => _isPlaceable[node] = isPlaceable;
}
