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
    public void What_was_cleared_is_gone()
    {
        LoopStack<object> stack = new(countMax: 4);
        _ = stack.TryPush(new object());
        stack.Clear();
        Assert.That(stack.TryPop(out _), Is.False);
    }
}
