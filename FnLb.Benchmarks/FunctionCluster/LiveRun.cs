using FnLb.Benchmarks.Simulation;

namespace FnLb.Benchmarks.FunctionCluster;

/// <summary>The calls of one scenario, and what happens to its nodes meanwhile, over real HTTP.</summary>
internal static class LiveRun
{
    /// <param name="urls">Of the load balancers.</param>
    /// <param name="administer">Tells them a node's administrative state; adds it if they lack it.</param>
    /// <param name="watch">Gets the load when it begins.</param>
    public static async Task<SimulationResult> SendAsync(
        Scenario scenario,
        Trace trace,
        LiveNodes nodes,
        IReadOnlyList<Uri> urls,
        Func<string, string, Task> administer,
        Action<LiveLoad>? watch = null)
    {
        using LiveLoad load = new(scenario, trace, urls, nodes.Addresses);
        watch?.Invoke(load);
        Task<IReadOnlyList<CallRecord>> calls = load.RunAsync();
        Task<long> launchesBefore = At(load, scenario.WarmUpSeconds, () => nodes.Launches);
        Task disturbances = DisturbAsync(scenario, load, nodes, administer);
        Task<long> launchesAfter = At(load, scenario.Seconds, () => nodes.Launches);
        IReadOnlyList<CallRecord> records = await calls;
        await disturbances;
        int launches = (int)(await launchesAfter - await launchesBefore);
        return new SimulationResult(records, [.. Samples(scenario, records)], launches, Lost: 0);
    }

    private static async Task<long> At(LiveLoad load, double seconds, Func<long> read)
    {
        await WaitUntilAsync(load, seconds);
        return read();
    }

    private static async Task DisturbAsync(
        Scenario scenario, LiveLoad load, LiveNodes nodes, Func<string, string, Task> administer)
    {
        foreach (Disturbance disturbance in scenario.Disturbances.OrderBy(disturbance => disturbance.AtSeconds))
        {
            await WaitUntilAsync(load, disturbance.AtSeconds);
            await nodes.DisturbAsync(disturbance, administer);
        }
    }

    private static Task WaitUntilAsync(LiveLoad load, double seconds)
    {
        TimeSpan left = TimeSpan.FromSeconds(seconds) - load.Elapsed;
        return left > TimeSpan.Zero ? Task.Delay(left) : Task.CompletedTask;
    }

    // Where a function's calls went in each ten seconds stands for where it had containers.
    private static IEnumerable<ContainerSample> Samples(Scenario scenario, IReadOnlyList<CallRecord> records) =>
        from record in records
        where !record.Failed && record.AtSeconds < scenario.Seconds
        group record by ((int)record.AtSeconds / 10, record.Function) into calls
        select new ContainerSample(
            10 * calls.Key.Item1, calls.Key.Function, calls.Select(call => call.Node).Distinct().Count());
}
