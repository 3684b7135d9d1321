using FnLb.Core.Http1;
using FnLb.Core.Proxy;
using FnLb.Core.Transport;
using FnLb.Tests.Harness;
using FnLb.Tests.Transport;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace FnLb.Tests.Proxy;

[TestFixture]
internal sealed class BodyRelayTests
{
    [Test]
    public async Task A_body_of_64_KiB_in_chunks_is_sent_in_one_piece()
    {
        const int bodyBytes = 64 * 1024;
        const int stagingBytes = BodyRelay.StagedBytesMax + BodyRelay.StepBytesMax + 1024;
        using EventLoop loop = new(0, stagingBytes, NullLogger.Instance);
        using TestChannel source = TestChannel.Connect(loop);
        using TestChannel target = TestChannel.Connect(loop);
        await source.Peer.SendAsync(new byte[bodyBytes]);
        await Eventually.HoldsAsync(
            () =>
            {
                _ = source.Receive(LoopMemoryPool.LargeBlockBytes);
                return source.BufferedBytes == bodyBytes;
            },
            "all of it is here");

        BodyRelay relay = default;
        relay.Begin(
            BodyFraming.Length, bodyBytes, BodyFraming.Chunked, nominated: default, heldHeadBytes: 0);
        RelayStatus status = relay.Pump(source, target, null!);

        Assert.That((status, target.SentBytes), Is.EqualTo((RelayStatus.Done, 0)));
        Assert.That(loop.Staging.Written.Length, Is.GreaterThan(bodyBytes));
        loop.Staging.Clear();
    }

    [TestCase(100, LoopMemoryPool.SmallBlockBytes)]
    [TestCase(10_000, LoopMemoryPool.MediumBlockBytes)]
    [TestCase(100_000, LoopMemoryPool.LargeBlockBytes)]
    public void A_body_is_received_into_blocks_of_its_size(int bodyBytes, int blockBytes)
    {
        BodyRelay relay = default;
        relay.Begin(
            BodyFraming.Length, bodyBytes, BodyFraming.Length, nominated: default, heldHeadBytes: 0);
        Assert.That(relay.ReceiveBytes, Is.EqualTo(blockBytes));
    }
}
