namespace FnLb.Benchmarks.Drive;

/// <summary>Draws route numbers by Zipf's law: route k is called in proportion to 1 / k^exponent.</summary>
/// <remarks>
/// Walker's alias method: two tables, and one draw costs the same for ten routes and for a million. Exponent 0 draws
/// all alike.
/// </remarks>
internal sealed class RouteDraw
{
    private readonly double[] _keep;
    private readonly int[] _alias;
    private readonly Random _random;

    public RouteDraw(int routes, double exponent, int seed)
    {
        _random = new Random(seed);
        _keep = new double[routes];
        _alias = new int[routes];
        double sum = 0;
        for (int index = 0; index < routes; index++)
        {
            _keep[index] = Math.Pow(index + 1, -exponent);
            sum += _keep[index];
        }

        Stack<int> below = new();
        Stack<int> above = new();
        for (int index = 0; index < routes; index++)
        {
            _keep[index] *= routes / sum;
            _alias[index] = index;
            (_keep[index] < 1 ? below : above).Push(index);
        }

        // What a route lacks to a full share is filled by one that has more than its share.
        while (below.Count > 0 && above.TryPop(out int donor))
        {
            int filled = below.Pop();
            _alias[filled] = donor;
            _keep[donor] -= 1 - _keep[filled];
            (_keep[donor] < 1 ? below : above).Push(donor);
        }
    }

    /// <summary>A route number from 1, the most popular, on.</summary>
    public int Next()
    {
        if (_keep.Length == 1)
        {
            return 1;
        }

        double place = _random.NextDouble() * _keep.Length;
        int index = (int)place;
        return 1 + (place - index < _keep[index] ? index : _alias[index]);
    }
}
