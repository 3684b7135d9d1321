using System.Globalization;
using FnLb.Benchmarks.Reports;
using FnLb.Benchmarks.Scaling;
using FnLb.Benchmarks.Simulation;
using FnLb.Benchmarks.Throughput;

namespace FnLb.Benchmarks.FunctionCluster;

/// <summary>
/// <c>fnlb-bench advice</c>: the advice on scaling while the load changes, as a series and a verdict for each promise.
/// </summary>
internal static class AdviceCommand
{
    public static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        AdviceOptions options = new();
        if (!NamedArguments.TryRead(
            args, ref options, (so, name, value) => so.With(name, value), AdviceOptions.Usage, out int exitCode,
            so => so.IsSimulated ? null : FnlbPeer.WrongFile(so.FnlbPath)))
        {
            return exitCode;
        }

        LiveOptions live = new(options.FnlbPath, options.FirstPort);
        bool isMissed = false;
        foreach (ScalingScenario scenario in ScalingScenario.All)
        {
            if (scenario.Cluster.Name.Contains(options.Scenario, StringComparison.Ordinal))
            {
                Trace trace = new(scenario.Cluster, options.Seed);
                IReadOnlyList<AdvisedSecond> seconds = options.IsSimulated
                    ? await Task.Run(() => SimulatedAdvice.Of(scenario, trace, options.Seed), stop).WaitAsync(stop)
                    : await LiveAdvice.OfAsync(scenario, trace, options.Seed, live, stop);
                isMissed |= Print(scenario, trace, seconds, options.EverySeconds);
            }
        }

        return isMissed ? 1 : 0;
    }

    private static bool Print(
        ScalingScenario scenario, Trace trace, IReadOnlyList<AdvisedSecond> seconds, int every)
    {
        Console.WriteLine($"{scenario.Cluster.Name}:");
        Console.WriteLine("| second | needed | advised | calls at once | capacity | reason |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (AdvisedSecond second in seconds.Where(second => (int)second.AtSeconds % every == 0))
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {second.AtSeconds:0} | {scenario.NeedBetween(trace, second.AtSeconds - every, second.AtSeconds)} "
                    + $"| {second.Recommended} "
                    + $"| {second.DemandCalls:0} | {second.CapacityCalls:0} | {second.Reason} |"));
        }

        string[] verdicts = [.. scenario.Judge(trace, seconds)];
        foreach (string verdict in verdicts)
        {
            Console.WriteLine(verdict);
        }

        return verdicts.Any(verdict => verdict.StartsWith("missed", StringComparison.Ordinal));
    }
}
