using FnLb.Core.Transport;
using NUnit.Framework;

namespace FnLb.Tests.Transport;

[TestFixture]
internal sealed class LoopMemoryPoolTests
{
    [TestCase(1, LoopMemoryPool.SmallBlockBytes)]
    [TestCase(LoopMemoryPool.SmallBlockBytes, LoopMemoryPool.SmallBlockBytes)]
    [TestCase(LoopMemoryPool.SmallBlockBytes + 1, LoopMemoryPool.MediumBlockBytes)]
    [TestCase(LoopMemoryPool.MediumBlockBytes, LoopMemoryPool.MediumBlockBytes)]
    [TestCase(LoopMemoryPool.MediumBlockBytes + 1, LoopMemoryPool.LargeBlockBytes)]
    [TestCase(LoopMemoryPool.LargeBlockBytes, LoopMemoryPool.LargeBlockBytes)]
    public void The_smallest_block_that_is_enough_is_taken_and_taken_again(int bytes, int blockBytes)
    {
        using LoopMemoryPool pool = new();
        MemoryBlock block = pool.Take(bytes);
        Assert.That(block.Bytes, Has.Length.EqualTo(blockBytes));

        block.Dispose();
        Assert.That(pool.Take(bytes), Is.SameAs(block));
    }
}
