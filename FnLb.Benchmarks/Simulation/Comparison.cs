namespace FnLb.Benchmarks.Simulation;

/// <summary>Policies on the same arrivals.</summary>
internal sealed class Comparison
{
    // A policy that turns calls away has short waits; such a run is no best one.
    private const double FailedShareMax = 0.01;

    private Comparison(Scenario scenario, IReadOnlyList<(Policy Policy, RunSummary Run)> runs)
    {
        Scenario = scenario;
        Runs = runs;
        BestBounded = runs.Where(run => Policy.BoundedHash.Contains(run.Policy))
            .Select(run => run.Run)
            .OrderBy(run => run.Failures > FailedShareMax * run.Calls)
            .ThenBy(run => run.MeanWaitMilliseconds)
            .First();
    }

    public Scenario Scenario { get; }

    public IReadOnlyList<(Policy Policy, RunSummary Run)> Runs { get; }

    /// <summary>The bounded-load run with the lowest mean wait.</summary>
    public RunSummary BestBounded { get; }

    public RunSummary this[Policy policy] => Runs.Single(run => run.Policy == policy).Run;

    /// <param name="tunings">Other constants of FnLb's own policy to try as well.</param>
    public static Comparison Run(Scenario scenario, int seeds, IReadOnlyList<Policy> tunings)
    {
        Policy[] policies = [.. Policy.All, .. tunings];
        Dictionary<Policy, List<SimulationResult>> results =
            policies.ToDictionary(policy => policy, _ => new List<SimulationResult>());
        for (int seed = 1; seed <= seeds; seed++)
        {
            Trace trace = new(scenario, seed);
            foreach (Policy policy in policies)
            {
                results[policy].Add(ClusterSimulation.Run(scenario, trace, policy, seed));
            }
        }

        return new Comparison(
            scenario, [.. policies.Select(policy => (policy, RunSummary.Of(scenario, results[policy])))]);
    }

    public double WaitRatio(Policy policy) => this[policy].MeanWaitMilliseconds / BestBounded.MeanWaitMilliseconds;

    public double LaunchRatio(Policy policy) => this[policy].LaunchesPer100 / BestBounded.LaunchesPer100;
}
