namespace FnLb.Benchmarks.Simulation;

/// <summary>Policies on the same arrivals.</summary>
internal sealed class Comparison
{
    private Comparison(Scenario scenario, IReadOnlyList<(Policy Policy, RunSummary Run)> runs)
    {
        Scenario = scenario;
        Runs = runs;
        BestBounded = RunSummary.BestOf(
            runs.Where(run => Policy.BoundedHash.Contains(run.Policy)).Select(run => run.Run));
    }

    public Scenario Scenario { get; }

    public IReadOnlyList<(Policy Policy, RunSummary Run)> Runs { get; }

    /// <summary>The bounded-load run with the lowest mean wait.</summary>
    public RunSummary BestBounded { get; }

    public RunSummary this[Policy policy] => Runs.Single(run => run.Policy == policy).Run;

    /// <param name="seeds">How many, from the first on.</param>
    /// <param name="tunings">Other constants of FnLb's own policy to try as well.</param>
    public static Comparison Run(
        Scenario scenario, int seeds, IReadOnlyList<Policy> tunings, int firstSeed = 1)
    {
        Policy[] policies = [.. Policy.All, .. tunings];
        Dictionary<Policy, List<RunSummary>> runs =
            policies.ToDictionary(policy => policy, _ => new List<RunSummary>());
        for (int seed = firstSeed; seed < firstSeed + seeds; seed++)
        {
            Trace trace = new(scenario, seed);
            foreach (Policy policy in policies)
            {
                SimulationResult result = ClusterSimulation.Run(scenario, trace, policy, seed);
                runs[policy].Add(RunSummary.Of(scenario, result));
            }
        }

        return new Comparison(scenario, [.. policies.Select(policy => (policy, RunSummary.MedianOf(runs[policy])))]);
    }

    public double WaitRatio(Policy policy) => this[policy].MeanWaitMilliseconds / BestBounded.MeanWaitMilliseconds;

    public double LaunchRatio(Policy policy) => this[policy].LaunchesPer100 / BestBounded.LaunchesPer100;
}
