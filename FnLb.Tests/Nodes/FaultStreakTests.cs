using FnLb.Core.Nodes;
using NUnit.Framework;

namespace FnLb.Tests.Nodes;

public sealed class FaultStreakTests
{
    private FaultStreak _streak = new();

    [SetUp]
    public void Start() => _streak = new FaultStreak();

    [Test]
    public void The_first_call_that_is_lost_is_not_one_of_many()
    {
        Assert.That(_streak.NoteLoss(sentNanoseconds: 5, nowNanoseconds: 10), Is.False);
    }

    [Test]
    public void Calls_sent_before_the_first_loss_share_its_cause_however_late_they_are_found_lost()
    {
        _streak.NoteLoss(sentNanoseconds: 5, nowNanoseconds: 10);

        Assert.That(_streak.NoteLoss(sentNanoseconds: 10, nowNanoseconds: 500), Is.True);
        Assert.That(_streak.NoteLoss(sentNanoseconds: 11, nowNanoseconds: 500), Is.False);
    }

    [Test]
    public void An_answer_to_a_later_call_ends_the_streak_so_that_the_next_loss_is_a_first_one()
    {
        _streak.NoteLoss(sentNanoseconds: 5, nowNanoseconds: 10);
        _streak.NoteAnswer(isServerError: false, sentNanoseconds: 11);

        Assert.That(_streak.NoteLoss(sentNanoseconds: 6, nowNanoseconds: 20), Is.False);
    }

    [Test]
    public void An_answer_to_a_call_that_was_sent_before_the_first_loss_does_not_show_that_the_node_lives()
    {
        _streak.NoteLoss(sentNanoseconds: 5, nowNanoseconds: 10);
        _streak.NoteAnswer(isServerError: false, sentNanoseconds: 10);

        Assert.That(_streak.HasLost, Is.True);
        Assert.That(_streak.NoteLoss(sentNanoseconds: 6, nowNanoseconds: 20), Is.True);
    }

    [Test]
    public void A_judgement_does_not_end_the_streak_of_losses()
    {
        _streak.NoteLoss(sentNanoseconds: 5, nowNanoseconds: 10);
        _streak.Restart();

        Assert.That(_streak.NoteLoss(sentNanoseconds: 6, nowNanoseconds: 20), Is.True);
    }
}
