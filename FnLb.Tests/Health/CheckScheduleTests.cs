using FnLb.Core.Health;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Health;

public sealed class CheckScheduleTests
{
    private const int Nodes = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    [Test]
    public void Mended_nodes_are_not_all_checked_at_the_same_instant()
    {
        FakeTimeProvider time = new();
        int[] tenths = new int[10];
        for (int i = 0; i < Nodes; i++)
        {
            TimeSpan first = Schedule($"10.0.{i / 100}.{i % 100}:8080", time).UntilNext();
            tenths[Math.Min(9, (int)(first / Interval * 10))]++;
        }

        // 20 in each tenth on average; a standard deviation is 4.2.
        Assert.That(tenths, Is.All.InRange(5, 40), string.Join(' ', tenths));
    }

    [Test]
    public void Checks_of_a_node_are_one_interval_apart_whenever_it_is(
        [Values(0, 1, 1499, 2999, 3000, 7777)] int atMs)
    {
        FakeTimeProvider time = new();
        CheckSchedule schedule = Schedule("10.0.0.1:8080", time);
        TimeSpan phase = schedule.UntilNext();

        time.Advance(TimeSpan.FromMilliseconds(atMs));
        TimeSpan next = TimeSpan.FromMilliseconds(atMs) + schedule.UntilNext();

        Assert.That(schedule.UntilNext(), Is.GreaterThan(TimeSpan.Zero).And.LessThanOrEqualTo(Interval));
        Assert.That((next - phase).Ticks % Interval.Ticks, Is.Zero);
    }

    [Test]
    public void The_point_in_the_interval_is_the_same_in_every_process()
    {
        Assert.That(Schedule("10.0.0.1:8080", new FakeTimeProvider()).UntilNext().Ticks, Is.EqualTo(6634950));
    }

    private static CheckSchedule Schedule(string address, FakeTimeProvider time)
    {
        return new CheckSchedule(Entries.Address(address), Interval, time.GetTimestamp(), time);
    }
}
