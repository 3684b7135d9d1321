using FnLb.Core.Proxy;
using NUnit.Framework;

namespace FnLb.Tests.Proxy;

[TestFixture]
internal sealed class RetryBudgetTests
{
    [Test]
    public void A_fifth_of_the_calls_in_flight_may_be_repeats_whatever_the_rate()
    {
        RetryBudget budget = new(minPerSecond: 1);
        for (int call = 0; call < 100; call++)
        {
            budget.Enter();
        }

        int granted = Enumerable.Range(0, 100).Count(_ => budget.TryTake(nowMilliseconds: 0));
        Assert.That(granted, Is.EqualTo(20 + 1), "a fifth, and the one a second that always is");
    }

    [Test]
    public void A_repeat_that_ended_makes_room_for_another()
    {
        RetryBudget budget = new(minPerSecond: 1);
        for (int call = 0; call < 5; call++)
        {
            budget.Enter();
        }

        Assert.That((budget.TryTake(0), budget.TryTake(0), budget.TryTake(0)), Is.EqualTo((true, true, false)));
        budget.Leave(isRepeat: true);
        budget.Leave(isRepeat: true);
        budget.Enter();
        budget.Enter();
        Assert.That(budget.TryTake(0), Is.True);
    }

    [Test]
    public void What_is_left_is_what_would_be_granted_and_asking_takes_none_of_it([Values(0, 7, 100)] int calls)
    {
        RetryBudget budget = new(minPerSecond: 10);
        for (int call = 0; call < calls; call++)
        {
            budget.Enter();
        }

        int atFirst = budget.Left(nowMilliseconds: 1_000);
        int granted = Enumerable.Range(0, 100).Count(_ => budget.TryTake(nowMilliseconds: 1_000));
        Assert.That((atFirst, budget.Left(1_000)), Is.EqualTo((granted, 0)));
        Assert.That(budget.Left(nowMilliseconds: 1_500), Is.EqualTo(5), "half a second's worth is back");
    }

    [Test]
    public void The_minimum_refills_with_time_and_does_not_pile_up()
    {
        RetryBudget budget = new(minPerSecond: 10);
        int first = Enumerable.Range(0, 100).Count(_ => budget.TryTake(nowMilliseconds: 1_000));
        int halfASecondLater = Enumerable.Range(0, 100).Count(_ => budget.TryTake(nowMilliseconds: 1_500));
        int muchLater = Enumerable.Range(0, 100).Count(_ => budget.TryTake(nowMilliseconds: 60_000));
        Assert.That((first, halfASecondLater, muchLater), Is.EqualTo((10, 5, 10)));
    }
}
