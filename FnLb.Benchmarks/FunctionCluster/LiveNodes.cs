using System.Diagnostics;
using FnLb.Benchmarks.Simulation;
using FnLb.Host.Demo;
using Trace = FnLb.Benchmarks.Simulation.Trace;

namespace FnLb.Benchmarks.FunctionCluster;

/// <summary>The nodes of a scenario over real HTTP, and what happens to them.</summary>
internal sealed class LiveNodes : IAsyncDisposable
{
    private const double SlowFactor = 4;

    private readonly List<SampleNode> _nodes = [];
    private readonly List<SampleNodeOptions> _options = [];
    private long _launchesOfEnded;

    private LiveNodes()
    {
    }

    public IReadOnlyList<string> Addresses { get; private set; } = [];

    /// <summary>Of the addresses, those that load balancers are given at the start.</summary>
    public IReadOnlyList<string> FirstAddresses { get; private set; } = [];

    /// <summary>Containers launched so far.</summary>
    public long Launches => _launchesOfEnded + _nodes.Sum(node => node.Counts.Launches);

    public static async Task<LiveNodes> StartAsync(Scenario scenario, Trace trace, int seed)
    {
        Workload workload = scenario.Workload;
        SampleFunction[] functions = [.. trace.Functions.Select(function => new SampleFunction(function.Path)
        {
            ColdStart = TimeSpan.FromMicroseconds(function.ColdMicroseconds),
            Duration = TimeSpan.FromMicroseconds(function.RunMicroseconds),
            IdleTimeout = TimeSpan.FromSeconds(workload.IdleTimeoutSeconds),
        })];
        LiveNodes nodes = new();
        for (int index = 0; index < scenario.Nodes; index++)
        {
            SampleNodeOptions options = new()
            {
                Functions = functions,
                Slots = scenario.SlotsOf(index),
                ContainersPerSlot = workload.ContainersPerSlot,
                QueueMax = scenario.QueueMax,
                QueueTimeout = TimeSpan.FromSeconds(scenario.QueueTimeoutSeconds),
                SendsWait = scenario.SendsWait,
                Seed = (100 * seed) + index,
            };
            SampleNode node = await SampleNode.StartAsync(options, TimeProvider.System);
            nodes._nodes.Add(node);
            nodes._options.Add(options with { Port = new Uri($"http://{node.Address}").Port });
        }

        nodes.Addresses = [.. nodes._nodes.Select(node => node.Address)];
        nodes.FirstAddresses = [.. nodes.Addresses.SkipLast(scenario.Joining)];
        return nodes;
    }

    /// <param name="administer">
    /// Tells the load balancers a node's administrative state; adds it if they lack it.
    /// </param>
    public async Task DisturbAsync(Disturbance disturbance, Func<string, string, Task> administer)
    {
        int index = disturbance.Node;
        switch (disturbance.Kind)
        {
            case DisturbanceKind.Kill:
                await _nodes[index].KillAsync();
                break;
            case DisturbanceKind.Revive:
                await ReplaceAsync(index);
                break;
            case DisturbanceKind.Slow or DisturbanceKind.Recover:
                _nodes[index].Slowness = disturbance.Kind == DisturbanceKind.Slow ? SlowFactor : 1;
                break;
            case DisturbanceKind.Refuse or DisturbanceKind.Accept:
                _nodes[index].IsRefusing = disturbance.Kind == DisturbanceKind.Refuse;
                break;
            case DisturbanceKind.Drain:
                await administer(Addresses[index], "draining");
                break;
            case DisturbanceKind.Activate:
                await ReplaceAsync(index);
                await administer(Addresses[index], "active");
                break;
            case DisturbanceKind.Join:
                await administer(Addresses[index], "active");
                break;
            default:
                throw new UnreachableException();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SampleNode node in _nodes)
        {
            await node.KillAsync();
            await node.DisposeAsync();
        }
    }

    // A new process at the same address, without a container.
    private async Task ReplaceAsync(int index)
    {
        SampleNode old = _nodes[index];
        await old.DisposeAsync();
        _launchesOfEnded += old.Counts.Launches;
        _nodes[index] = await SampleNode.StartAsync(_options[index], TimeProvider.System);
    }
}
