using FnLb.Core.Proxy;
using NUnit.Framework;

namespace FnLb.Tests.Proxy;

[TestFixture]
internal sealed class FaultDecisionTests
{
    private static readonly FaultContext Fresh =
        new(
            IsIdempotent: false, IsHeld: true, HasSent: false, MayBeStale: false, HasRepeated: false,
            HasBudget: true, AnswerStarted: false);

    private static IEnumerable<FaultKind> Kinds => Enum.GetValues<FaultKind>();

    [Test]
    public void After_the_answer_has_started_every_fault_cuts_the_connection(
        [ValueSource(nameof(Kinds))] FaultKind kind)
    {
        FaultDecision decision = FaultDecision.For(kind, Fresh with { AnswerStarted = true });
        Assert.That(decision.Action, Is.EqualTo(FaultAction.Cut));
    }

    [Test]
    public void A_call_that_could_not_connect_goes_to_the_next_node_whatever_its_method([Values] bool isIdempotent)
    {
        FaultDecision decision = FaultDecision.For(FaultKind.ConnectFailed, Fresh with { IsIdempotent = isIdempotent });
        Assert.That(decision.Action, Is.EqualTo(FaultAction.TryNextNode));
    }

    [Test]
    public void A_post_whose_bytes_left_is_answered_502_when_the_connection_dies()
    {
        FaultDecision decision = FaultDecision.For(FaultKind.NoAnswer, Fresh with
        {
            HasSent = true,
            MayBeStale = true
        });
        Assert.That((decision.Action, decision.Status), Is.EqualTo((FaultAction.Answer, 502)));
    }

    [Test]
    public void A_post_of_which_nothing_was_sent_is_sent_again()
    {
        FaultDecision decision = FaultDecision.For(FaultKind.NoAnswer, Fresh with { MayBeStale = true });
        Assert.That(decision.Action, Is.EqualTo(FaultAction.TryFreshConnection));
    }

    [Test]
    public void An_idempotent_call_on_a_connection_that_may_be_stale_stays_with_its_node()
    {
        FaultContext context = Fresh with { IsIdempotent = true, HasSent = true, MayBeStale = true };
        Assert.That(FaultDecision.For(FaultKind.NoAnswer, context).Action, Is.EqualTo(FaultAction.TryFreshConnection));
    }

    [Test]
    public void An_idempotent_call_on_a_connection_in_use_goes_to_the_next_node()
    {
        FaultContext context = Fresh with { IsIdempotent = true, HasSent = true };
        Assert.That(FaultDecision.For(FaultKind.NoAnswer, context).Action, Is.EqualTo(FaultAction.TryNextNode));
    }

    [Test]
    public void A_repeated_call_is_not_repeated_again()
    {
        FaultContext context = Fresh with { IsIdempotent = true, HasSent = true, HasRepeated = true };
        Assert.That(FaultDecision.For(FaultKind.NoAnswer, context).Status, Is.EqualTo(502));
    }

    [Test]
    public void A_call_that_the_node_had_no_room_for_goes_to_the_next_node_whatever_its_method(
        [Values] bool isIdempotent)
    {
        FaultContext context = Fresh with { IsIdempotent = isIdempotent, HasSent = true };
        FaultDecision decision = FaultDecision.For(FaultKind.Busy, context);
        Assert.That(decision.Action, Is.EqualTo(FaultAction.TryNextNode));
    }

    [Test]
    public void Beyond_the_budget_a_call_is_not_repeated()
    {
        FaultContext context = Fresh with { IsIdempotent = true, HasSent = true, MayBeStale = true, HasBudget = false };
        Assert.That(FaultDecision.For(FaultKind.NoAnswer, context).Status, Is.EqualTo(502));
    }

    [TestCase(FaultKind.ConnectFailed, 503)]
    [TestCase(FaultKind.NoAnswer, 502)]
    public void A_call_whose_bytes_are_gone_is_never_placed_again(FaultKind kind, int status)
    {
        FaultDecision decision = FaultDecision.For(kind, Fresh with { IsIdempotent = true, IsHeld = false });
        Assert.That((decision.Action, decision.Status), Is.EqualTo((FaultAction.Answer, status)));
    }

    [TestCase(FaultKind.NoNode, 503, 1)]
    [TestCase(FaultKind.AnswerTimeout, 504, 0)]
    [TestCase(FaultKind.MalformedAnswer, 502, 0)]
    [TestCase(FaultKind.CutAnswer, 502, 0)]
    [TestCase(FaultKind.StalledRequest, 408, 0)]
    [TestCase(FaultKind.MalformedRequest, 400, 0)]
    [TestCase(FaultKind.RequestTooLarge, 413, 0)]
    public void What_cannot_be_mended_is_answered_by_its_side(FaultKind kind, int status, int retryAfterSeconds)
    {
        FaultDecision decision = FaultDecision.For(kind, Fresh);
        Assert.That((decision.Status, decision.RetryAfterSeconds), Is.EqualTo((status, retryAfterSeconds)));
        Assert.That(decision.Message, Is.Not.Empty);
    }

    [Test]
    public void Nobody_is_answered_who_has_left()
    {
        Assert.That(FaultDecision.For(FaultKind.ClientLeft, Fresh).Action, Is.EqualTo(FaultAction.Cut));
    }
}
