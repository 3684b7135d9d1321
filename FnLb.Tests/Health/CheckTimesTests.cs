using System.Net;
using System.Net.Sockets;
using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Health;

/// <summary>No check is lost to a timer that is early, or to a lookup between two checks.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CheckTimesTests : IDisposable
{
    private static readonly HealthOptions Seldom =
        new() { Interval = TimeSpan.FromHours(24), Timeout = TimeSpan.FromHours(1) };

    private readonly EarlyTimers _time = new();
    private readonly NodeDirectory _directory = new();
    private readonly ScriptedNode _node = ScriptedNode.Start();
    private HealthMonitor? _monitor;

    [TearDown]
    public ValueTask EndTheMonitor() => _monitor?.DisposeAsync() ?? ValueTask.CompletedTask;

    public void Dispose() => _node.Dispose();

    [Test]
    public async Task A_node_is_back_at_the_end_of_its_ejection_however_seldom_it_is_checked()
    {
        using ScriptedNode other = ScriptedNode.Start();
        HealthMonitor monitor = await WatchAsync(Seldom, null, _node.Address, other.Address);
        Node node = _directory.Nodes.Single(member => member.Address.Text == _node.Address);
        for (int i = 0; i < Seldom.Outliers.FailuresToEject; i++)
        {
            _directory.ReportLostConnection(node, sentNanoseconds: 0);
        }

        await Eventually.HoldsAsync(() => node.Operational == OperationalState.Ejected, "ejected");
        await AdvanceUntilAsync(() => _node.Checks == 2, "its watch knows", TimeSpan.FromSeconds(1));

        _time.Advance(monitor.EjectedFor(node, out _));

        await AdvanceUntilAsync(() => node.IsPlaceable, "back in service", TimeSpan.FromMilliseconds(40));
    }

    [Test]
    public async Task A_check_that_falls_into_a_lookup_is_made_after_it()
    {
        int lookups = 0;
        TaskCompletionSource<IPAddress[]> found = new();
        HealthOptions options = Seldom with { Interval = TimeSpan.FromSeconds(40) };
        await WatchAsync(
            options,
            (_, _) => Interlocked.Increment(ref lookups) == 1
                ? Task.FromResult((IPAddress[])[IPAddress.Loopback])
                : found.Task,
            $"node.test:{_node.Port}");
        await AdvanceUntilAsync(() => Volatile.Read(ref lookups) == 2, "a lookup begins", TimeSpan.FromSeconds(40));
        int checks = _node.Checks;

        _time.Advance(options.Interval);
        found.SetResult([IPAddress.Loopback]);

        await Eventually.HoldsAsync(() => _node.Checks == checks + 1, "the check");
    }

    [Test]
    public async Task A_node_whose_name_can_be_resolved_at_last_is_checked_at_once_however_seldom_it_is_checked()
    {
        bool isKnown = false;
        await WatchAsync(
            Seldom,
            (_, _) => Volatile.Read(ref isKnown)
                ? Task.FromResult((IPAddress[])[IPAddress.Loopback])
                : throw new SocketException((int)SocketError.HostNotFound),
            $"node.test:{_node.Port}");

        Volatile.Write(ref isKnown, true);

        await AdvanceUntilAsync(() => _directory.Nodes[0].IsPlaceable, "online", TimeSpan.FromSeconds(40));
    }

    private async Task<HealthMonitor> WatchAsync(HealthOptions options, NameLookup? lookup, params string[] nodes)
    {
        _directory.Apply([.. nodes.Select(node => Entries.Of(node))]);
        _monitor = new HealthMonitor(_directory, options, _time, new RecordedLog(), lookup);
        _monitor.Start();
        await _monitor.FirstRound;
        return _monitor;
    }

    private Task AdvanceUntilAsync(Func<bool> condition, string what, TimeSpan most) =>
        _time.AdvanceUntilAsync(condition, what, most, steps: 80, deadline: TimeSpan.FromSeconds(4));
}
