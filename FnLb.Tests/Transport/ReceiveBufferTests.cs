using System.Buffers;
using CsCheck;
using FnLb.Core.Transport;
using NUnit.Framework;

namespace FnLb.Tests.Transport;

[TestFixture]
internal sealed class ReceiveBufferTests
{
    private static readonly Gen<(int Wanted, int Received, int Consumed)[]> Steps = Gen.Select(
        Gen.OneOfConst(
            1, 100, LoopMemoryPool.SmallBlockBytes, LoopMemoryPool.MediumBlockBytes, LoopMemoryPool.LargeBlockBytes),
        Gen.Int[0, 6_000],
        Gen.Int[0, 9_000]).Array[1, 40];

    [Test]
    public void It_holds_what_was_received_and_not_consumed_in_order() => Steps.Sample(steps =>
    {
        using LoopMemoryPool memory = new();
        ReceiveBuffer buffer = new();
        List<byte> model = [];
        byte next = 0;
        foreach ((int wanted, int received, int consumed) in steps)
        {
            Span<byte> free = buffer.Free(memory, wanted);
            Assert.That(free.Length, Is.InRange(1, wanted));
            Span<byte> filled = free[..Math.Min(received, free.Length)];
            foreach (ref byte one in filled)
            {
                one = next++;
                model.Add(one);
            }

            buffer.Advance(filled.Length);
            int used = Math.Min(consumed, model.Count);
            buffer.Consume(used);
            model.RemoveRange(0, used);

            Assert.That(buffer.Bytes, Is.EqualTo(model.Count));
            Assert.That(buffer.Content.ToArray(), Is.EqualTo(model));
        }

        buffer.Clear();
        Assert.That((buffer.Bytes, buffer.Content.Length), Is.EqualTo((0L, 0L)));
    }, iter: 2_000);

    [Test]
    public void It_holds_no_memory_while_it_is_empty()
    {
        using LoopMemoryPool memory = new();
        ReceiveBuffer first = new();
        ReceiveBuffer second = new();

        first.Free(memory, LoopMemoryPool.SmallBlockBytes)[0] = 1;
        first.Advance(1);
        first.Consume(1);
        byte seen = second.Free(memory, LoopMemoryPool.SmallBlockBytes)[0];

        Assert.That(seen, Is.EqualTo(1), "the block of the first is the second's now");
    }
}
