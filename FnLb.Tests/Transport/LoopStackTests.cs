using FnLb.Core.Transport;
using NUnit.Framework;

namespace FnLb.Tests.Transport;

[TestFixture]
internal sealed class LoopStackTests
{
    [Test]
    public void It_keeps_as_many_as_it_may_and_gives_back_the_last_first([Values(0, 1, 15, 16, 17, 40)] int countMax)
    {
        LoopStack<object> stack = new(countMax);
        object[] items = [.. Enumerable.Range(0, countMax).Select(_ => new object())];
        Assert.That(items.All(stack.TryPush), Is.True);
        Assert.That(stack.TryPush(new object()), Is.False, "It is full.");
        foreach (object item in items.Reverse())
        {
            Assert.That(stack.TryPop(out object? popped) && ReferenceEquals(popped, item), Is.True);
        }

        Assert.That(stack.TryPop(out _), Is.False);
    }

    [Test]
    public void What_takes_the_place_of_another_is_what_comes_back()
    {
        LoopStack<object> stack = new(countMax: 4);
        object one = new();
        object other = new();
        _ = stack.TryPush(one);
        _ = stack.TryPush(other);
        _ = stack.TryPop(out _);
        _ = stack.TryPop(out _);

        _ = stack.TryPush(other);
        _ = stack.TryPush(one);

        Assert.That((Pop(), Pop()), Is.EqualTo((one, other)));

        object? Pop() => stack.TryPop(out object? popped) ? popped : null;
    }

    [Test]
    public void What_was_cleared_is_gone()
    {
        LoopStack<object> stack = new(countMax: 4);
        object item = new();
        _ = stack.TryPush(item);
        stack.Clear();
        Assert.That(stack.TryPop(out _), Is.False);

        _ = stack.TryPush(item);
        Assert.That(stack.TryPop(out object? popped) && ReferenceEquals(popped, item), Is.True);
    }
}
