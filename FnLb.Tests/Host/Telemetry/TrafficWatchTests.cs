using System.Globalization;
using System.Text;
using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Core.Routing;
using FnLb.Core.Proxy;
using FnLb.Core.Telemetry;
using FnLb.Host.Admin;
using FnLb.Host.Stores;
using FnLb.Host.Telemetry;
using FnLb.Tests.Harness;
using FnLb.Tests.Host.Stores;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Host.Telemetry;

/// <summary>What is shown of each second, when two loops publish it at different times.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TrafficWatchTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_000_000_000));
    private readonly RecordedLog _log = new();
    private readonly LoopMeter[] _meters;
    private readonly HealthMonitor _health;
    private readonly Membership _membership;
    private readonly TrafficWatch _watch;
    private long _nanoseconds;
    private long _requests;
    private bool _isBroken;
    private bool _isBlind;

    public TrafficWatchTests()
    {
        _meters = [new LoopMeter(_time, topMax: 2), new LoopMeter(_time, topMax: 2)];
        NodeDirectory directory = new();
        Router router = new(directory);
        directory.Apply([Entries.Of("a:1")]);
        directory.Nodes[0].Operational = OperationalState.Online;
        _health = new HealthMonitor(directory, new HealthOptions(), _time, _log);
        _membership = new Membership(new ScriptedStore(), directory, _time, _log);
        TrafficView traffic = new()
        {
            Read = counter => _isBroken ? throw new InvalidOperationException("broken")
                : counter == Counter.Requests ? _requests : 0,
            Clients = () => _isBlind ? throw new InvalidOperationException("blind") : 0,
            RetryBudgetLeft = () => 0,
            Bytes = () => default,
            Meters = _meters,
        };
        _watch = new TrafficWatch(
            new ClusterView(directory, _health, _membership), traffic, router, scaleTarget: 0.7, topMax: 2);
    }

    private long Second => _time.GetUtcNow().ToUnixTimeSeconds();

    public async ValueTask DisposeAsync()
    {
        await _health.DisposeAsync();
        _membership.Dispose();
    }

    [Test]
    public void A_second_is_shown_when_the_last_loop_has_published_it_and_is_not_skipped_by_who_asks_for_more()
    {
        EndSecond(_meters);
        long second = Second;
        Record(_meters[0]);
        Record(_meters[1]);
        EndSecond(_meters[0]);

        StatsAnswer early = _watch.View.Stats(second - 1);
        ClusterAnswer earlyCluster = _watch.View.Cluster();
        EndSecond(_meters);
        StatsAnswer late = _watch.View.Stats(LastOf(early) ?? (second - 1));

        Assert.That(early.Stats, Is.Empty, "half of it would be final for whoever asks for what came after");
        Assert.That(earlyCluster.Nodes.Single().CallsPerSecond, Is.Zero);
        Assert.That(late.Stats.Single(), Has.Property(nameof(StatsAnswerRow.Tp)).EqualTo(2));
        Assert.That(_watch.View.Cluster().Nodes.Single().CallsPerSecond, Is.EqualTo(0.2).Within(1e-9));
    }

    [Test]
    public async Task A_listener_gets_a_second_whole()
    {
        EndSecond(_meters);
        Assert.That(_watch.Feed.TryJoin());
        Task<LiveSnapshot> next = _watch.Feed.NextAsync(CancellationToken.None);
        long second = Second;
        Record(_meters[0]);
        Record(_meters[1]);

        EndSecond(_meters[0]);
        Assert.That(next.IsCompleted, Is.False);
        _meters[1].RollIfDue(_nanoseconds);
        _watch.CatchUp();

        LiveSnapshot snapshot = await next;
        Assert.That((snapshot.Second, snapshot.Calls.PerSecond), Is.EqualTo((second, 2)));
    }

    [Test]
    public async Task A_listener_waits_on_after_a_snapshot_that_went_wrong()
    {
        EndSecond(_meters);
        Assert.That(_watch.Feed.TryJoin());
        Task<LiveSnapshot> next = _watch.Feed.NextAsync(CancellationToken.None);

        _isBlind = true;
        Assert.That(() => EndSecond(_meters), Throws.InstanceOf<InvalidOperationException>());
        _isBlind = false;
        long second = Second;
        EndSecond(_meters);

        Assert.That((await next.WaitAsync(TimeSpan.FromSeconds(10))).Second, Is.EqualTo(second));
    }

    [Test]
    public void A_second_is_taken_up_without_a_look_at_the_minute_before_it()
    {
        const int Functions = 100;
        for (int second = 0; second < 31; second++)
        {
            for (int i = 0; i < Functions; i++)
            {
                Record(_meters[0], $"/f{i}");
            }

            EndSecond(_meters);
        }

        Advance(1);
        Array.ForEach(_meters, meter => meter.RollIfDue(_nanoseconds));
        long before = GC.GetAllocatedBytesForCurrentThread();
        _watch.CatchUp();
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(bytes, Is.LessThan(300_000), "a minute of them is ten times as much");
    }

    [Test]
    public void Seconds_that_were_missed_are_in_the_history_and_share_what_arrived_in_them()
    {
        for (int second = 0; second < 20; second++)
        {
            Record(_meters[0]);
            _requests += 100;
            EndSecond(_meters);
        }

        // The process stands still for eight seconds, which is more than half of what is judged by.
        for (int second = 0; second < 8; second++)
        {
            Record(_meters[0]);
            _requests += 100;
            Advance(1);
        }

        EndSecond(_meters);

        long[] seconds = [.. _watch.View.History.Select(row => row.Second)];
        Assert.That(seconds, Is.EqualTo(Enumerable.Range(0, 29).Select(second => 1_000_000_000L + second)));
        Assert.That(_watch.View.History.Sum(row => row.Calls), Is.EqualTo(28));
        Assert.That(_watch.View.Scale.DemandCalls, Is.EqualTo(100 * 10).Within(150), "calls of 10 s");
    }

    [Test]
    public void Latencies_of_the_first_second_are_recent_for_five_more()
    {
        Record(_meters[0]);
        for (int second = 0; second < 6; second++)
        {
            EndSecond(_meters);
        }

        Assert.That(_watch.View.Snapshot().Calls.P99, Is.Positive);
    }

    [TestCase(-3600)]
    [TestCase(3600)]
    public void A_clock_that_is_set_does_not_stop_the_seconds(int bySeconds)
    {
        EndSecond(_meters);
        EndSecond(_meters);

        _time.AdjustTime(_time.GetUtcNow().AddSeconds(bySeconds));
        EndSecond(_meters);
        Record(_meters[0]);
        EndSecond(_meters);

        HistoryRow last = _watch.View.History[^1];
        Assert.That((last.Second, last.Calls), Is.EqualTo((Second - 1, 1)));
        Assert.That(_watch.View.History.Select(row => row.Second), Is.Ordered);
    }

    [Test]
    public async Task Measuring_goes_on_after_a_second_that_went_wrong()
    {
        Task RollAsync(Action<LoopMeter, long> action)
        {
            Array.ForEach(_meters, meter => action(meter, _nanoseconds));
            return Task.CompletedTask;
        }

        await using TrafficSampler sampler = new(RollAsync, _watch, _time, _log);
        sampler.Start();
        _isBroken = true;
        await Eventually.HoldsAsync(
            () =>
            {
                Advance(1);
                return _log.Lines.Any(line => line.StartsWith("Error 6003", StringComparison.Ordinal));
            },
            "the failure is logged");

        _isBroken = false;
        await Eventually.HoldsAsync(
            () =>
            {
                Advance(1);
                return _watch.View.History.Count > 0;
            },
            "seconds are taken up again");
    }

    private static long? LastOf(StatsAnswer answer) => answer.Stats is [.., { } last]
        ? DateTimeOffset.Parse(last.Timestamp, CultureInfo.InvariantCulture).ToUnixTimeSeconds() : null;

    private static void Record(LoopMeter meter, FunctionMeter function, long nowNanoseconds) => meter.Record(
        new CallRecord
        {
            Function = function,
            Node = meter.Nodes.SingleOrDefault() ?? meter.AddNode("a:1"),
            Status = 200,
            TotalNanoseconds = 10_000_000_000,
            AtNodeNanoseconds = 10_000_000_000,
            AddedNanoseconds = 1000,
            WaitNanoseconds = -1,
            IsCold = false,
            IsSpilled = false,
        },
        nowNanoseconds);

    private void Record(LoopMeter meter, string path = "/f")
    {
        byte[] name = Encoding.ASCII.GetBytes(path);
        ulong key = RouteKey.Of(name).Hash;
        Record(meter, meter.TryFind(key, out FunctionMeter? known) ? known! : meter.Admit(key, name), _nanoseconds);
    }

    private void Advance(int seconds)
    {
        _nanoseconds += seconds * 1_000_000_000L;
        _time.Advance(TimeSpan.FromSeconds(seconds));
    }

    /// <summary>A second passes, and some loops publish it.</summary>
    private void EndSecond(params LoopMeter[] publishing)
    {
        Advance(1);
        Array.ForEach(publishing, meter => meter.RollIfDue(_nanoseconds));
        _watch.CatchUp();
    }
}
