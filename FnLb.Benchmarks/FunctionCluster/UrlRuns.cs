using System.Globalization;
using FnLb.Benchmarks.Simulation;

namespace FnLb.Benchmarks.FunctionCluster;

/// <summary>The calls of scenarios, sent to load balancers that run already in front of nodes of any kind.</summary>
internal static class UrlRuns
{
    /// <summary>Prints a line for each run.</summary>
    /// <param name="urls">Each gets its part of the calls.</param>
    /// <returns>The exit code: 1 when a call failed.</returns>
    public static async Task<int> PrintAsync(IReadOnlyList<Scenario> scenarios, IReadOnlyList<Uri> urls, int seeds)
    {
        bool hasFailed = false;
        Console.WriteLine("| scenario | seed | calls | failed | mean ms | p50 ms | p99 ms |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (Scenario scenario in scenarios)
        {
            Scenario own = scenario with { Balancers = urls.Count };
            for (int seed = 1; seed <= seeds; seed++)
            {
                using LiveLoad load = new(own, new Trace(own, seed), urls, nodes: []);
                IReadOnlyList<CallRecord> calls = await load.RunAsync();
                hasFailed |= calls.Any(call => call.Failed);
                Console.WriteLine(Line(own, seed, calls));
            }
        }

        return hasFailed ? 1 : 0;
    }

    private static string Line(Scenario scenario, int seed, IReadOnlyList<CallRecord> calls)
    {
        double[] times = [.. calls.Where(call => !call.Failed).Select(call => call.WaitMilliseconds).Order()];
        double mean = times.Length == 0 ? double.NaN : times.Average();
        double median = SimulationResult.Percentile(times, 0.5);
        double high = SimulationResult.Percentile(times, 0.99);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {scenario.Name} | {seed} | {calls.Count} | {calls.Count - times.Length} | {mean:0.0} "
                + $"| {median:0.0} | {high:0.0} |");
    }
}
