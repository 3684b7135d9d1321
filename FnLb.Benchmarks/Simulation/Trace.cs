namespace FnLb.Benchmarks.Simulation;

/// <summary>The functions and the calls of one run: the same for every policy that is compared on it.</summary>
internal sealed class Trace
{
    private const int BurstCalls = 20;
    private const double BurstMicroseconds = 50_000;
    private const double Second = 1e6;

    private readonly Scenario _scenario;
    private readonly int _seed;
    private readonly Random _random;
    private readonly double[] _cumulative;
    private readonly List<TracedCall> _calls = [];

    public Trace(Scenario scenario, int seed)
    {
        _scenario = scenario;
        _seed = seed;
        _random = new Random(seed);
        Functions = [.. Enumerable.Range(0, scenario.Functions).Select(CreateFunction)];
        double sum = 0;
        _cumulative = [.. Functions.Select(function => sum += function.Weight)];
        AddPoisson();
        AddBursts();
        foreach (FlashCrowd crowd in scenario.FlashCrowds)
        {
            Add(crowd);
        }

        _calls.Sort(static (left, right) => left.AtMicroseconds.CompareTo(right.AtMicroseconds));
    }

    public IReadOnlyList<SimulatedFunction> Functions { get; }

    public IReadOnlyList<TracedCall> Calls => _calls;

    private SimulatedFunction CreateFunction(int index)
    {
        Workload workload = _scenario.Workload;
        double run = Spread(workload.RunMillisecondsMin, workload.RunMillisecondsMax);
        double cold = Spread(workload.ColdMillisecondsMin, workload.ColdMillisecondsMax);
        double weight = Math.Pow(index + 1, -_scenario.Workload.ZipfExponent);
        return new SimulatedFunction(index, $"/r/app{_seed}/f{index}", weight, 1000 * run, 1000 * cold);
    }

    private double Spread(double min, double max) => min * Math.Pow(max / min, _random.NextDouble());

    private void AddPoisson()
    {
        double meanDuration = Functions.Sum(function => function.Weight * function.RunMicroseconds) / _cumulative[^1];
        double meanGap = meanDuration / (_scenario.SlotsTotal * _scenario.Used);
        double at = Gap(meanGap);
        for (; at < _scenario.Seconds * Second; at += Gap(meanGap / _scenario.LoadAt(at / Second)))
        {
            if (_random.NextDouble() * _scenario.RampSeconds * Second <= at)
            {
                Add(at, Functions[PickFunction()]);
            }
        }
    }

    private void AddBursts()
    {
        if (_scenario.BurstsPerSecond <= 0)
        {
            return;
        }

        double meanGap = Second / _scenario.BurstsPerSecond;
        for (double at = Gap(meanGap); at < _scenario.Seconds * Second; at += Gap(meanGap))
        {
            SimulatedFunction function = Functions[PickFunction()];
            for (int call = 0; call < BurstCalls; call++)
            {
                Add(at + (_random.NextDouble() * BurstMicroseconds), function);
            }
        }
    }

    private void Add(FlashCrowd crowd)
    {
        SimulatedFunction function = Functions[crowd.Function];
        double meanGap = function.RunMicroseconds / (_scenario.SlotsTotal * crowd.Share);
        for (double at = (crowd.FromSeconds * Second) + Gap(meanGap); at < crowd.ToSeconds * Second; at += Gap(meanGap))
        {
            Add(at, function);
        }
    }

    // Durations stray as those of real functions do: most near the mean, a few far above.
    private void Add(double at, SimulatedFunction function)
    {
        double duration = function.RunMicroseconds * (0.5 + (0.5 * -Math.Log(1 - _random.NextDouble())));
        _calls.Add(new TracedCall((long)at, function.Index, _random.Next(_scenario.Balancers), (long)duration));
    }

    private double Gap(double mean) => -mean * Math.Log(1 - _random.NextDouble());

    private int PickFunction()
    {
        int found = Array.BinarySearch(_cumulative, _random.NextDouble() * _cumulative[^1]);
        return found >= 0 ? found : int.Min(~found, _cumulative.Length - 1);
    }
}
