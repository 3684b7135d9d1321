using FnLb.Host.Telemetry;
using NUnit.Framework;

namespace FnLb.Tests.Host.Telemetry;

/// <summary>The advice on a function cluster whose true need is known.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ScaleAdvisorTests
{
    private const double Target = 0.7;
    private const double PerNode = 20;
    private const double RunSeconds = 0.2;

    private readonly ScaleAdvisor _advisor = new(Target);
    private readonly Random _random = new(7);

    [Test]
    public void When_the_load_doubles_the_advice_is_within_a_node_of_the_need_after_15_s()
    {
        Run(seconds: 120, nodes: 10, callsPerSecond: 700);
        Assert.That(_advisor.Advice.Recommended, Is.InRange(10, 11), _advisor.Advice.Reason);

        Run(seconds: 15, nodes: 10, callsPerSecond: 1400);

        Assert.That(_advisor.Advice.Recommended, Is.EqualTo(Need(1400)).Within(1), _advisor.Advice.Reason);
        Assert.That(_advisor.Advice.Reason, Does.StartWith("more is used than should be: "));
    }

    [Test]
    public void Within_90_s_of_a_start_no_node_is_removed()
    {
        HashSet<int?> advised = [];

        Run(seconds: 89, nodes: 10, callsPerSecond: 140, _ => advised.Add(_advisor.Advice.Recommended));
        string reason = _advisor.Advice.Reason;
        Run(seconds: 1, nodes: 10, callsPerSecond: 140);

        Assert.That(advised, Is.EqualTo((int?[])[null, 10]));
        Assert.That(reason, Does.StartWith("too short a time was measured to remove nodes: "));
        Assert.That(_advisor.Advice.Recommended, Is.EqualTo(Need(140)).Within(1));
    }

    [Test]
    public void When_the_load_halves_the_advice_has_followed_after_2_min_and_not_at_once()
    {
        Run(seconds: 120, nodes: 20, callsPerSecond: 1400);

        Run(seconds: 30, nodes: 20, callsPerSecond: 700);
        Assert.That(_advisor.Advice.Recommended, Is.EqualTo(20).Within(1));
        Assert.That(_advisor.Advice.Reason, Does.StartWith("the last 90 s needed more than now: "));
        Run(seconds: 90, nodes: 20, callsPerSecond: 700);

        Assert.That(_advisor.Advice.Recommended, Is.EqualTo(Need(700)).Within(1), _advisor.Advice.Reason);
        Assert.That(_advisor.Advice.Reason, Does.StartWith("fewer nodes are enough: "));
    }

    [Test]
    public void Bursts_of_5_s_change_nothing()
    {
        Run(seconds: 120, nodes: 10, callsPerSecond: 650);
        HashSet<int?> advised = [];
        for (int burst = 0; burst < 10; burst++)
        {
            Run(seconds: 5, nodes: 10, callsPerSecond: 3000, _ => advised.Add(_advisor.Advice.Recommended));
            Run(seconds: 25, nodes: 10, callsPerSecond: 650, _ => advised.Add(_advisor.Advice.Recommended));
        }

        Assert.That(advised, Is.EqualTo((int?[])[10]));
    }

    [Test]
    public void What_bursts_of_5_s_leave_behind_changes_nothing()
    {
        Run(seconds: 120, nodes: 10, callsPerSecond: 650);
        HashSet<int?> advised = [];
        for (int burst = 0; burst < 10; burst++)
        {
            for (int second = 0; second < 30; second++)
            {
                // Twelve seconds of queues, of evicted containers and of limits that fall.
                ScaleSample sample = Sample(10, Poisson(second < 5 ? 1300 : 650));
                _advisor.Add(second >= 12 ? sample : sample with
                {
                    InFlight = 600,
                    WaitSeconds = second < 4 ? 50 : 500,
                    Crowded = sample.Placements * 0.3,
                    EvictedShare = 0.3,
                    CapacityCalls = second is > 5 and < 12 ? 150 : 200,
                });
                advised.Add(_advisor.Advice.Recommended);
            }
        }

        Assert.That(advised, Is.EqualTo((int?[])[10]));
    }

    [Test]
    public void A_capacity_that_stays_lower_is_believed_after_8_s_and_one_that_rises_at_once()
    {
        Run(seconds: 60, nodes: 10, callsPerSecond: 650);
        Run(seconds: 7, nodes: 10, callsPerSecond: 650, sample => sample with { CapacityCalls = 100 });
        Assert.That(_advisor.Advice.CapacityCalls, Is.EqualTo(200));

        Run(seconds: 1, nodes: 10, callsPerSecond: 650, sample => sample with { CapacityCalls = 100 });
        Assert.That(_advisor.Advice.CapacityCalls, Is.EqualTo(100));

        Run(seconds: 1, nodes: 10, callsPerSecond: 650, sample => sample with { CapacityCalls = 220 });
        Assert.That(_advisor.Advice.CapacityCalls, Is.EqualTo(220));
    }

    [Test]
    public void A_queue_at_full_nodes_asks_for_no_more_nodes_than_its_calls_will_use()
    {
        Run(seconds: 60, nodes: 10, callsPerSecond: 900);
        int queued = 0;

        // More arrives than ten nodes can run: each second a fifth more waits there.
        Run(seconds: 30, nodes: 10, callsPerSecond: 1200, sample => sample with
        {
            InFlight = 200 + (queued += 200),
            Ended = 1000,
            RunSeconds = 1000 * RunSeconds,
        });

        Assert.That(_advisor.Advice.Recommended, Is.EqualTo(Need(1200)).Within(1), _advisor.Advice.Reason);
    }

    [Test]
    public void While_no_node_was_ever_full_nothing_is_added_for_what_is_only_guessed()
    {
        Run(seconds: 60, nodes: 10, callsPerSecond: 1400, sample => sample with { IsCapacityKnown = false });
        Assert.That(_advisor.Advice.Recommended, Is.EqualTo(10));
        Assert.That(_advisor.Advice.Reason, Does.Contain("a node takes at least 20"));

        Run(seconds: 120, nodes: 10, callsPerSecond: 140, sample => sample with { IsCapacityKnown = false });
        Assert.That(_advisor.Advice.Recommended, Is.EqualTo(Need(140)).Within(1));
    }

    [Test]
    public void Calls_without_room_and_evicted_containers_are_reasons_to_grow_by_themselves()
    {
        Run(seconds: 60, nodes: 10, callsPerSecond: 100, sample => sample with { Crowded = sample.Placements * 0.2 });
        Assert.That(_advisor.Advice.Recommended, Is.EqualTo(11));
        Assert.That(_advisor.Advice.Reason, Does.StartWith("calls find no node with room: "));

        ScaleAdvisor other = new(Target);
        for (int second = 0; second < 60; second++)
        {
            other.Add(Sample(30, 100) with { EvictedShare = 0.1 });
        }

        Assert.That(other.Advice.Recommended, Is.EqualTo(33));
        Assert.That(other.Advice.Reason, Does.StartWith("containers are evicted before their next call: "));
    }

    [Test]
    public void Calls_that_run_for_minutes_are_seen_before_they_end()
    {
        Run(seconds: 30, nodes: 10, callsPerSecond: 0, sample => sample with { InFlight = 190 });

        Assert.That(_advisor.Advice.Utilisation, Is.EqualTo(0.95).Within(0.01));
        Assert.That(_advisor.Advice.Recommended, Is.EqualTo(14));
    }

    [Test]
    public void Nothing_is_recommended_before_enough_was_measured_with_nodes_that_take_calls()
    {
        Assert.That(_advisor.Advice.Reason, Is.EqualTo("nothing was measured yet"));
        Run(seconds: 100, nodes: 0, callsPerSecond: 0);
        Assert.That(_advisor.Advice.Reason, Is.EqualTo("no node takes calls"));
        Run(seconds: 14, nodes: 4, callsPerSecond: 200);
        Assert.That(_advisor.Advice.Recommended, Is.Null);
        Assert.That(_advisor.Advice.Reason, Is.EqualTo("too short a time was measured to judge"));

        Run(seconds: 1, nodes: 4, callsPerSecond: 200);

        Assert.That(_advisor.Advice.Recommended, Is.EqualTo(Need(200)).Within(1));
    }

    [Test]
    public void While_no_node_takes_calls_the_last_advice_stands()
    {
        Run(seconds: 120, nodes: 20, callsPerSecond: 1400);
        int? before = _advisor.Advice.Recommended;

        Run(seconds: 300, nodes: 0, callsPerSecond: 0);

        Assert.That((_advisor.Advice.Nodes, _advisor.Advice.Recommended), Is.EqualTo((0, before)));
        Assert.That(
            _advisor.Advice.Reason, Is.EqualTo("no node takes calls: what was advised before stands"));
        Run(seconds: 1, nodes: 20, callsPerSecond: 1400);
        Assert.That(_advisor.Advice.Recommended, Is.EqualTo(before));
    }

    [Test]
    public void The_trend_is_the_change_of_the_utilisation_in_a_minute()
    {
        for (int second = 0; second < 90; second++)
        {
            Run(seconds: 1, nodes: 10, callsPerSecond: 300 + (second * 5));
        }

        // 300 calls a second more in a minute are 60 at once, of 200.
        Assert.That(_advisor.Advice.TrendPerMinute, Is.EqualTo(0.3).Within(0.05));
        Assert.That(_advisor.Advice.HeadroomCallsPerSecond, Is.EqualTo(1000 - 710).Within(60));
    }

    private static int Need(double callsPerSecond) =>
        (int)Math.Ceiling(callsPerSecond * RunSeconds / (PerNode * Target));

    private void Run(
        int seconds, int nodes, double callsPerSecond, Func<ScaleSample, ScaleSample>? change = null)
    {
        for (int second = 0; second < seconds; second++)
        {
            ScaleSample sample = Sample(nodes, Poisson(callsPerSecond));
            _advisor.Add(change?.Invoke(sample) ?? sample);
        }
    }

    private void Run(int seconds, int nodes, double callsPerSecond, Action<ScaleSample> look) =>
        Run(seconds, nodes, callsPerSecond, sample =>
        {
            look(sample);
            return sample;
        });

    private double Poisson(double mean)
    {
        // Normal for such means; Box and Muller.
        double radius = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble()));
        double deviations = radius * Math.Cos(2 * Math.PI * _random.NextDouble());
        return double.Max(0, Math.Round(mean + (Math.Sqrt(mean) * deviations)));
    }

    private static ScaleSample Sample(int nodes, double calls) => new()
    {
        Nodes = nodes,
        CapacityCalls = nodes * PerNode,
        IsCapacityKnown = true,
        Arrivals = calls,
        Ended = calls,
        RunSeconds = calls * RunSeconds,
        WaitSeconds = 0,
        InFlight = (int)(calls * RunSeconds),
        Placements = calls,
        Crowded = 0,
        Waits = calls,
        Cold = 0,
        EvictedShare = 0,
    };
}
