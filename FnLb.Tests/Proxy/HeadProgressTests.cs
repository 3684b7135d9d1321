using System.Text;
using FnLb.Core.Proxy;
using FnLb.Core.Transport;
using FnLb.Tests.Harness;
using FnLb.Tests.Transport;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace FnLb.Tests.Proxy;

[TestFixture]
internal sealed class HeadProgressTests
{
    private const int HeadBytesMax = 64;

    [Test]
    public async Task A_head_is_parsed_when_it_begins_and_when_a_line_ends_but_not_for_every_byte()
    {
        using EventLoop loop = new(0, 1024, NullLogger.Instance);
        using TestChannel channel = TestChannel.Connect(loop);
        HeadProgress progress = default;
        const string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        List<int> due = [];
        for (int length = 1; length <= head.Length; length++)
        {
            await ReceiveAsync(channel, head[(length - 1)..length]);
            if (progress.IsDue(channel, HeadBytesMax))
            {
                due.Add(length);
            }
        }

        Assert.That(due, Is.EqualTo([1, 16, 25, 27]));
    }

    [Test]
    public async Task A_head_beyond_the_limit_is_parsed_so_that_it_is_refused()
    {
        using EventLoop loop = new(0, 1024, NullLogger.Instance);
        using TestChannel channel = TestChannel.Connect(loop);
        HeadProgress progress = default;
        await ReceiveAsync(channel, "G");
        Assert.That(progress.IsDue(channel, HeadBytesMax), Is.True);
        await ReceiveAsync(channel, new string('G', HeadBytesMax - 1));
        Assert.That(progress.IsDue(channel, HeadBytesMax), Is.False);
        await ReceiveAsync(channel, "G");
        Assert.That(progress.IsDue(channel, HeadBytesMax), Is.True);
    }

    private static async Task ReceiveAsync(TestChannel channel, string text)
    {
        long wanted = channel.BufferedBytes + text.Length;
        await channel.Peer.SendAsync(Encoding.ASCII.GetBytes(text));
        await Eventually.HoldsAsync(
            () =>
            {
                _ = channel.Receive(LoopMemoryPool.SmallBlockBytes);
                return channel.BufferedBytes == wanted;
            },
            "all of it is here");
    }
}
