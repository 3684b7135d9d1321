using System.Net;
using System.Net.Sockets;
using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Health;

/// <summary>How names of nodes are looked up, and how long their addresses are tried.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NameFreshnessTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly NodeDirectory _directory = new();
    private readonly ScriptedNode _node = ScriptedNode.Start();
    private HealthMonitor? _monitor;

    private Node Member => _directory.Nodes[0];

    [TearDown]
    public ValueTask EndTheMonitor() => _monitor?.DisposeAsync() ?? ValueTask.CompletedTask;

    public void Dispose() => _node.Dispose();

    [Test]
    public async Task A_name_is_looked_up_each_30_s_however_seldom_its_node_is_checked()
    {
        IPAddress elsewhere = IPAddress.Parse("127.0.0.2");
        bool hasMoved = false;
        HealthMonitor monitor = Watch(
            new HealthOptions { Interval = TimeSpan.FromHours(24), Timeout = TimeSpan.FromHours(1) },
            (_, _) => Task.FromResult((IPAddress[])[Volatile.Read(ref hasMoved) ? elsewhere : IPAddress.Loopback]));
        await monitor.FirstRound;
        await Eventually.HoldsAsync(() => Member.IsPlaceable, "online");

        Volatile.Write(ref hasMoved, true);
        await AdvanceUntilAsync(
            () => Equals(Member.EndPoint, new IPEndPoint(elsewhere, _node.Port)), "it has the new address", 40);

        Assert.That(_node.Checks, Is.EqualTo(1), "a lookup is no check");
    }

    [Test]
    public async Task A_lookup_that_does_not_end_is_not_begun_again()
    {
        int lookups = 0;
        TaskCompletionSource<IPAddress[]> found = new();
        HealthMonitor monitor = Watch(
            new HealthOptions { Interval = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(1) },
            (_, _) =>
            {
                Interlocked.Increment(ref lookups);
                return found.Task;
            });
        await AdvanceUntilAsync(() => monitor.FirstRound.IsCompleted, "the first check gives up", 5);
        NodeFailure first = Member.LastFailure!;
        await AdvanceUntilAsync(() => Member.LastFailure != first, "the second check gives up", 10);

        found.SetResult([IPAddress.Loopback]);
        await AdvanceUntilAsync(() => Member.IsPlaceable, "online with what was found in the end", 3);

        Assert.That(first.Reason, Is.EqualTo("its name could not be resolved: no answer within 1 s"));
        Assert.That(Volatile.Read(ref lookups), Is.EqualTo(1));
    }

    [Test]
    public async Task An_address_that_is_silent_does_not_take_the_time_of_those_behind_it()
    {
        using TcpListener silent = new(IPAddress.Parse("127.0.0.2"), _node.Port);
        silent.Start();
        HealthMonitor monitor = Watch(
            new HealthOptions { Interval = TimeSpan.FromHours(24), Timeout = TimeSpan.FromSeconds(10) },
            (_, _) => Task.FromResult((IPAddress[])[IPAddress.Parse("127.0.0.2"), IPAddress.Loopback]));

        await AdvanceUntilAsync(() => monitor.FirstRound.IsCompleted, "the check ends", 9);

        Assert.That(Member.IsPlaceable, Is.True);
        Assert.That(Member.EndPoint, Is.EqualTo(new IPEndPoint(IPAddress.Loopback, _node.Port)));
    }

    [Test]
    public async Task Addresses_that_are_all_silent_take_no_longer_than_one()
    {
        string[] texts = ["127.0.0.2", "127.0.0.3", "127.0.0.4"];
        IPAddress[] addresses = [.. texts.Select(IPAddress.Parse)];
        TcpListener[] silent = [.. addresses.Select(address => new TcpListener(address, _node.Port))];
        Array.ForEach(silent, listener => listener.Start());
        HealthMonitor monitor = Watch(
            new HealthOptions { Interval = TimeSpan.FromHours(24), Timeout = TimeSpan.FromSeconds(10) },
            (_, _) => Task.FromResult(addresses));

        await AdvanceUntilAsync(() => monitor.FirstRound.IsCompleted, "the check ends", 12);

        Array.ForEach(silent, listener => listener.Dispose());
        Assert.That(Member.LastFailure!.Reason, Is.EqualTo("no answer to GET /version within 10 s"));
    }

    private HealthMonitor Watch(HealthOptions options, NameLookup lookup)
    {
        _directory.Apply([Entries.Of($"node.test:{_node.Port}")]);
        _monitor = new HealthMonitor(_directory, options, _time, new RecordedLog(), lookup);
        _monitor.Start();
        return _monitor;
    }

    private Task AdvanceUntilAsync(Func<bool> condition, string what, double secondsMax) =>
        _time.AdvanceUntilAsync(condition, what, TimeSpan.FromSeconds(secondsMax), steps: 80);
}
