using FnLb.Core.Routing;
using NUnit.Framework;

namespace FnLb.Tests.Routing;

/// <summary>One function on one node.</summary>
public sealed class RankedSlotTests
{
    [Test]
    public void A_peak_counts_until_the_end_of_the_next_window()
    {
        RankedSlot slot = default;
        slot.RaiseWarm(window: 10, peak: 5);

        Assert.That(new[] { 10, 11, 12 }.Select(window => slot.Warm(window)), Is.EqualTo([5, 5, 0]));
    }

    [Test]
    public void The_higher_of_two_windows_counts()
    {
        RankedSlot slot = default;
        slot.RaiseWarm(window: 10, peak: 5);
        slot.RaiseWarm(window: 11, peak: 3);

        Assert.That(new[] { 11, 12, 13 }.Select(window => slot.Warm(window)), Is.EqualTo([5, 3, 0]));
    }

    [Test]
    public void A_clock_that_is_a_little_behind_changes_nothing()
    {
        RankedSlot slot = default;
        slot.RaiseWarm(window: 11, peak: 5);
        slot.RaiseWarm(window: 10, peak: 6);

        Assert.That(slot.Warm(10), Is.EqualTo(6));
        Assert.That(slot.Warm(12), Is.EqualTo(6));
    }

    [Test]
    public void A_limit_cuts_both_windows()
    {
        RankedSlot slot = default;
        slot.RaiseWarm(window: 10, peak: 5);
        slot.RaiseWarm(window: 11, peak: 4);
        slot.LimitWarm(window: 11, peak: 2);

        Assert.That(new[] { 11, 12 }.Select(window => slot.Warm(window)), Is.EqualTo([2, 2]));
    }

    [Test]
    public void Calls_enter_and_leave_by_the_epoch_of_the_layout()
    {
        RankedSlot slot = default;
        slot.Renew(nodeIndex: 3, nodeId: 7, epoch: 2, default);

        Assert.That(slot.TryEnter(2, out int first) && slot.TryEnter(2, out int second) && first == 1 && second == 2);
        Assert.That(slot.TryEnter(4, out _), Is.False);
        Assert.That(slot.TryLeave(4), Is.False);
        Assert.That(slot.TryLeave(2));
        Assert.That(slot.InFlight, Is.EqualTo(1));
    }

    [Test]
    public void A_sealed_slot_lets_nothing_in_or_out()
    {
        RankedSlot slot = default;
        slot.Renew(nodeIndex: 3, nodeId: 7, epoch: 2, default);
        _ = slot.TryEnter(2, out _);

        Assert.That(slot.TrySealIdle(2), Is.False);
        Assert.That(slot.Seal(3), Is.EqualTo(1));
        Assert.That(slot.TryEnter(2, out _), Is.False);
        Assert.That(slot.TryLeave(2), Is.False);
    }

    [Test]
    public void More_leave_than_entered_and_it_stays_at_zero()
    {
        RankedSlot slot = default;
        slot.Renew(nodeIndex: 3, nodeId: 7, epoch: 2, default);

        Assert.That(slot.TryLeave(2));
        Assert.That(slot.InFlight, Is.Zero);
    }

    [Test]
    public void Calls_are_remembered_less_and_less()
    {
        RankedSlot slot = default;
        for (int call = 0; call < 800; call++)
        {
            slot.CountCall(window: 10);
        }

        Assert.That(slot.RecentCalls(10), Is.EqualTo(800));
        Assert.That(slot.RecentCalls(18), Is.EqualTo(800 * 0.344).Within(1).Percent);
        slot.CountCall(window: 18);
        Assert.That(slot.RecentCalls(18), Is.EqualTo(276).Within(1));
    }
}
