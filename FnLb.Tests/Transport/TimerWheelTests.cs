using System.Diagnostics;
using CsCheck;
using FnLb.Core.Transport;
using NUnit.Framework;

namespace FnLb.Tests.Transport;

[TestFixture]
internal sealed class TimerWheelTests
{
    private const int TickMilliseconds = 16;

    [Test]
    public void An_entry_fires_after_its_deadline_and_at_most_a_tick_late(
        [Values(0, 1, 15, 16, 17, 1_000, 65_535, 65_536, 200_000)] int delay)
    {
        const long start = 1_000_003;
        TimerWheel wheel = new(start);
        Entry entry = new();
        wheel.Schedule(entry, start + delay);

        long now = start;
        while (entry.Fired == 0)
        {
            now++;
            wheel.Advance(now);
        }

        Assert.That(now, Is.InRange(start + delay, start + delay + TickMilliseconds + 1));
        Assert.That(wheel.Count, Is.Zero);
    }

    /// <summary>Schedules, cancels and lets time pass at random, beside a list that does the same.</summary>
    [Test]
    public void The_next_slot_with_an_entry_is_known_whatever_went_before() => Gen.Select(
        Gen.Int[0, 2], Gen.Int[0, 7], Gen.Int[0, 150_000]).Array[1, 60].Sample(steps =>
    {
        TimerWheel wheel = new(0);
        Entry[] entries = [.. Enumerable.Range(0, 8).Select(_ => new Entry())];
        long now = 0;
        foreach ((int kind, int which, int milliseconds) in steps)
        {
            switch (kind)
            {
                case 0:
                    wheel.Schedule(entries[which], now + milliseconds);
                    break;
                case 1:
                    wheel.Cancel(entries[which]);
                    break;
                default:
                    now += milliseconds;
                    wheel.Advance(now);
                    break;
            }

            // Every slot is visited again with each turn of the wheel.
            long first = (now / TickMilliseconds) + 1;
            long[] waits =
            [
                .. entries.Where(entry => entry.IsScheduled).Select(entry =>
                    ((first + ((entry.WheelSlot - first) & 4095)) * TickMilliseconds) - now),
            ];
            Assert.That(wheel.MillisecondsToNext(now), Is.EqualTo(waits.Length == 0 ? -1 : waits.Min()));
        }
    }, iter: 2_000);

    [Test]
    public void A_cancelled_entry_does_not_fire()
    {
        TimerWheel wheel = new(0);
        Entry entry = new();
        wheel.Schedule(entry, 100);
        wheel.Cancel(entry);
        wheel.Advance(1_000);
        Assert.That((entry.Fired, wheel.Count, entry.IsScheduled), Is.EqualTo((0, 0, false)));
    }

    [Test]
    public void An_entry_scheduled_again_fires_once_at_the_new_deadline()
    {
        TimerWheel wheel = new(0);
        Entry entry = new();
        wheel.Schedule(entry, 100);
        wheel.Schedule(entry, 5_000);
        wheel.Advance(4_000);
        Assert.That(entry.Fired, Is.Zero);
        wheel.Advance(6_000);
        Assert.That((entry.Fired, wheel.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public void An_entry_that_fires_may_cancel_its_neighbours_and_schedule_itself()
    {
        TimerWheel wheel = new(0);
        Entry neighbour = new();
        Entry repeating = new();
        repeating.Due = now =>
        {
            wheel.Cancel(neighbour);
            wheel.Schedule(repeating, now + 100);
        };
        wheel.Schedule(neighbour, 50);
        wheel.Schedule(repeating, 50);

        wheel.Advance(90);
        wheel.Advance(300);
        Assert.That((neighbour.Fired, repeating.Fired, wheel.Count), Is.EqualTo((0, 2, 1)));
    }

    [Test]
    public void An_entry_that_fires_may_cancel_and_move_those_that_come_after_it()
    {
        const long revolution = 65_536;
        TimerWheel wheel = new(0);
        Entry[] behind = [new(), new(), new(), new()];
        Entry first = new()
        {
            Due = _ =>
            {
                wheel.Cancel(behind[3]);
                wheel.Schedule(behind[2], 50 + revolution);
                wheel.Schedule(behind[1], 1_000);
            },
        };
        Array.ForEach([.. behind, first], entry => wheel.Schedule(entry, 50));

        wheel.Advance(90);
        Assert.That(behind.Select(entry => entry.Fired), Is.EqualTo((int[])[1, 0, 0, 0]));
        wheel.Advance(90 + revolution);
        Assert.That(behind.Select(entry => entry.Fired), Is.EqualTo((int[])[1, 1, 1, 0]));
        Assert.That((first.Fired, wheel.Count), Is.EqualTo((1, 0)));
    }

    /// <summary>Passing all of them for each entry that fires would take a thousand times as long, not a few.</summary>
    [Test]
    public void Entries_of_later_rounds_in_the_slot_are_passed_once([Values] bool areFirst)
    {
        TimeSpan alone = TimeSpan.MaxValue;
        TimeSpan amongLater = TimeSpan.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            alone = Shorter(alone, TimeToFire(4_000, laterMilliseconds: 66_000, areFirst));
            amongLater = Shorter(amongLater, TimeToFire(4_000, laterMilliseconds: 65_536, areFirst));
        }

        Assert.That(amongLater, Is.LessThan(30 * alone));
    }

    [Test]
    public void An_entry_that_throws_does_not_hold_up_the_others_of_its_slot()
    {
        TimerWheel wheel = new(0);
        Entry[] others = [new(), new()];
        Entry broken = new() { Due = _ => throw new InvalidOperationException("broken") };
        wheel.Schedule(others[0], 50);
        wheel.Schedule(broken, 50);
        wheel.Schedule(others[1], 50);

        Assert.That(() => wheel.Advance(100), Throws.InvalidOperationException);
        wheel.Advance(100);

        Assert.That(others.Append(broken).Select(entry => entry.Fired), Is.All.EqualTo(1));
    }

    [Test]
    public void A_loop_that_was_held_up_for_hours_fires_everything_that_was_due()
    {
        TimerWheel wheel = new(0);
        List<Entry> entries = [.. Enumerable.Range(0, 5_000).Select(_ => new Entry())];
        foreach ((int index, Entry entry) in entries.Index())
        {
            wheel.Schedule(entry, index * 100);
        }

        wheel.Advance(3_600_000);
        Assert.That(entries.Sum(entry => entry.Fired), Is.EqualTo(entries.Count));
    }

    [Test]
    public void The_loop_sleeps_to_the_next_entry_and_not_beyond([Values(1, 40, 1_500, 65_000)] int delay)
    {
        const long start = 77_777;
        TimerWheel wheel = new(start);
        Assert.That(wheel.MillisecondsToNext(start), Is.EqualTo(-1), "nothing is scheduled");

        Entry entry = new();
        wheel.Schedule(entry, start + delay);
        int sleep = wheel.MillisecondsToNext(start);
        wheel.Advance(start + sleep);
        Assert.That(sleep, Is.InRange(delay, delay + TickMilliseconds));
        Assert.That(entry.Fired, Is.EqualTo(1));
    }

    private static TimeSpan TimeToFire(int count, long laterMilliseconds, bool areFirst)
    {
        TimerWheel wheel = new(0);
        Entry[] later = [.. Enumerable.Range(0, count).Select(_ => new Entry())];
        Entry[] due = [.. Enumerable.Range(0, count).Select(_ => new Entry())];

        // The last one scheduled heads its slot.
        Array.ForEach(areFirst ? [] : later, entry => wheel.Schedule(entry, 50 + laterMilliseconds));
        Array.ForEach(due, entry => wheel.Schedule(entry, 50));
        Array.ForEach(areFirst ? later : [], entry => wheel.Schedule(entry, 50 + laterMilliseconds));

        long start = Stopwatch.GetTimestamp();
        wheel.Advance(90);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        Assert.That((due.Sum(entry => entry.Fired), wheel.Count), Is.EqualTo((count, count)));
        return took;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private sealed class Entry : TimerEntry
    {
        public int Fired { get; private set; }

        public Action<long>? Due { get; set; }

        public override void OnDue(long nowMilliseconds)
        {
            Fired++;
            Due?.Invoke(nowMilliseconds);
        }
    }
}
