using System.Net.Sockets;
using System.Text;
using FnLb.Core.Transport;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace FnLb.Tests.Transport;

/// <summary>Bytes that wait for others to go with: they go together, and soon, and never not at all.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HoldingBackTests : IDisposable
{
    private readonly EventLoop _loop = new(0, stagingBytes: 64 * 1024, NullLogger.Instance);
    private readonly Socket _peer;
    private readonly TestChannel _channel;

    public HoldingBackTests()
    {
        _channel = TestChannel.Connect(_loop);
        _peer = _channel.Peer;
    }

    public void Dispose()
    {
        _loop.Dispose();
        _channel.Dispose();
    }

    [Test]
    public void What_is_held_back_in_one_turn_arrives_without_a_flush_and_at_once()
    {
        _loop.Post(() =>
        {
            Hold("first ");
            Hold("second ");
        });
        _loop.Post(() => Hold("third"));
        _loop.Start();

        Assert.That(Receive(), Is.EqualTo("first second third"));
        Assert.That(_channel.IsHoldingBack, Is.False);
    }

    [Test]
    public void A_flush_sends_what_is_held_back_in_front_of_what_is_staged()
    {
        Hold("first ");
        _channel.Write("second"u8);
        _channel.Flush();

        Assert.That(Receive(), Is.EqualTo("first second"));
    }

    [Test]
    public void What_is_sent_past_the_staging_buffer_comes_behind_what_is_held_back()
    {
        Hold("first ");
        _channel.Write("second "u8);
        int taken = _channel.SendStagedAnd("third"u8);

        Assert.That(taken, Is.EqualTo(5));
        Assert.That(Receive("first second third".Length), Is.EqualTo("first second third"));
    }

    [Test]
    public void More_than_there_is_room_for_is_not_held_back_and_stays_in_order()
    {
        Hold("first ");
        _channel.Write(new byte[LoopMemoryPool.SmallBlockBytes]);

        Assert.That(_channel.TryHoldBack(), Is.False);
        _channel.Flush();
        string all = Receive(6 + LoopMemoryPool.SmallBlockBytes);
        Assert.That(all, Does.StartWith("first \0"));
    }

    [Test]
    public void With_nothing_staged_nothing_is_held_back()
    {
        Assert.That((_channel.TryHoldBack(), _channel.IsHoldingBack), Is.EqualTo((false, false)));
    }

    [Test]
    public void A_flush_leaves_nothing_for_the_loop_to_do()
    {
        Hold("first ");
        _channel.IsListedHoldingBack = false;
        _channel.Flush();

        Assert.That((Receive(), _channel.IsListedHoldingBack), Is.EqualTo(("first ", false)));
    }

    [Test]
    public void A_close_sends_it_first()
    {
        Hold("last words");
        _channel.CloseSocket(reset: false);

        Assert.That(Receive(), Is.EqualTo("last words"));
        Assert.That(Receive(), Is.Empty);
    }

    private void Hold(string text)
    {
        _channel.Write(Encoding.ASCII.GetBytes(text));
        Assert.That(_channel.TryHoldBack(), Is.True);
    }

    private string Receive(int bytesMin = 1)
    {
        byte[] bytes = new byte[64 * 1024];
        int length = 0;
        int received;
        do
        {
            received = _peer.Receive(bytes, length, bytes.Length - length, SocketFlags.None);
            length += received;
        }
        while (length < bytesMin && received > 0);

        return Encoding.ASCII.GetString(bytes, 0, length);
    }
}
