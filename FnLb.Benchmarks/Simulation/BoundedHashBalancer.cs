using FnLb.Core.Routing;

namespace FnLb.Benchmarks.Simulation;

/// <summary>
/// Consistent hashing with bounded loads, as HAProxy does it: the next node on the ring that has less than its part,
/// times a factor.
/// </summary>
/// <remarks>
/// A node may have ceil(factor * (calls in flight + 1) / nodes) calls. Without a factor it is plain consistent
/// hashing. HAProxy puts 16 points on
/// the ring for a server of weight 1; with 160, as here, the keys spread more evenly, which is in its favour.
/// </remarks>
internal sealed class BoundedHashBalancer : IBalancer
{
    private const int PointsPerNode = 160;

    private readonly double _factor;
    private readonly int[] _inFlight;
    private readonly bool[] _isPlaceable;
    private readonly ulong[] _points;
    private readonly int[] _owners;
    private readonly ulong[] _keys;
    private int _total;

    /// <param name="factor">Above 1; infinite for no bound.</param>
    public BoundedHashBalancer(int nodes, IReadOnlyList<SimulatedFunction> functions, double factor)
    {
        _factor = factor;
        _inFlight = new int[nodes];
        _isPlaceable = [.. Enumerable.Repeat(true, nodes)];
        _points = [.. Enumerable.Range(0, nodes * PointsPerNode).Select(point => Hash($"point {point}"))];
        _owners = [.. Enumerable.Range(0, nodes * PointsPerNode).Select(point => point / PointsPerNode)];
        Array.Sort(_points, _owners);
        _keys = [.. functions.Select(function => Hash(function.Path))];
    }

    public bool PlacesBusyAgain => false;

    public int Place(SimulatedCall call, long nowMilliseconds)
    {
        int placeable = _isPlaceable.Count(static isPlaceable => isPlaceable);
        double cap = double.IsFinite(_factor) ? Math.Ceiling(_factor * (_total + 1) / placeable)
            : double.PositiveInfinity;
        int found = Array.BinarySearch(_points, _keys[call.Function.Index]);
        int start = found >= 0 ? found : ~found;
        int fallback = -1;
        for (int step = 0; step < _points.Length; step++)
        {
            int node = _owners[(start + step) % _points.Length];
            if (_isPlaceable[node] && !call.Tried.Contains(node))
            {
                if (_inFlight[node] < cap)
                {
                    return Enter(node);
                }

                fallback = fallback < 0 ? node : fallback;
            }
        }

        return fallback < 0 ? -1 : Enter(fallback);
    }

    public void Release(SimulatedCall call, CallOutcome outcome, long waitNanoseconds, long nowMilliseconds)
    {
        _inFlight[call.Node]--;
        _total--;
    }

    public void SetPlaceable(int node, bool isPlaceable) => _isPlaceable[node] = isPlaceable;

    private static ulong Hash(string text) => RouteKey.Of(System.Text.Encoding.ASCII.GetBytes(text)).Hash;

    private int Enter(int node)
    {
        _inFlight[node]++;
        _total++;
        return node;
    }
}
