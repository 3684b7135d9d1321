namespace FnLb.Benchmarks.Simulation;

/// <summary>All policies on the same arrivals.</summary>
internal sealed class Comparison
{
    // A policy that turns calls away has short waits; such a run is no best one.
    private const double FailedShareMax = 0.01;

    private Comparison(IReadOnlyList<(Policy, RunSummary)> runs)
    {
        Runs = runs;
        BestBounded = runs.Where(run => Policy.BoundedHash.Contains(run.Item1))
            .Select(run => run.Item2)
            .OrderBy(run => run.Failures > FailedShareMax * run.Calls)
            .ThenBy(run => run.MeanWaitMilliseconds)
            .First();
    }

    public IReadOnlyList<(Policy Policy, RunSummary Run)> Runs { get; }

    /// <summary>The bounded-load run with the lowest mean wait.</summary>
    public RunSummary BestBounded { get; }

    public RunSummary WarmRank => this[Policy.WarmRank];

    public double WaitRatio => WarmRank.MeanWaitMilliseconds / BestBounded.MeanWaitMilliseconds;

    public double LaunchRatio => WarmRank.LaunchesPer100 / BestBounded.LaunchesPer100;

    public RunSummary this[Policy policy] => Runs.Single(run => run.Policy == policy).Run;

    public static Comparison Run(Scenario scenario, int seeds)
    {
        Dictionary<Policy, List<SimulationResult>> results = Policy.All.ToDictionary(policy => policy, _ =>
            new List<SimulationResult>());
        for (int seed = 1; seed <= seeds; seed++)
        {
            Trace trace = new(scenario, seed);
            foreach (Policy policy in Policy.All)
            {
                results[policy].Add(ClusterSimulation.Run(scenario, trace, policy, seed));
            }
        }

        return new Comparison([.. Policy.All.Select(policy => (policy, RunSummary.Of(results[policy])))]);
    }
}
