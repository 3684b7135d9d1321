using System.Net.Sockets;
using FnLb.Core.Transport;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace FnLb.Tests.Transport;

/// <summary>How a stream came to its end, whichever call the kernel told of it.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class StreamEndTests : IDisposable
{
    private readonly EventLoop _loop = new(0, stagingBytes: 64 * 1024, NullLogger.Instance);
    private readonly TestChannel _channel;

    public StreamEndTests() => _channel = TestChannel.Connect(_loop);

    public void Dispose()
    {
        _channel.Dispose();
        _loop.Dispose();
    }

    [Test]
    public async Task A_stream_whose_cut_a_send_was_told_of_has_not_ended()
    {
        _channel.Peer.Send("part"u8);
        _channel.Peer.LingerState = new LingerOption(enable: true, seconds: 0);
        _channel.Peer.Close();
        await SendUntilRefusedAsync();

        Assert.That(_channel.Receive(64), Is.EqualTo(ReceiveResult.Data), "what came before the cut");
        Assert.That((_channel.Receive(64), _channel.HasEnded), Is.EqualTo((ReceiveResult.Failed, false)));
    }

    [Test]
    public async Task A_stream_that_its_peer_ended_has_ended_although_a_send_was_refused()
    {
        _channel.Peer.Send("all"u8);
        _channel.Peer.Close();
        await SendUntilRefusedAsync();

        Assert.That(_channel.Receive(64), Is.EqualTo(ReceiveResult.Data), "what came before the end");
        Assert.That((_channel.Receive(64), _channel.HasEnded), Is.EqualTo((ReceiveResult.Ended, true)));
    }

    private Task SendUntilRefusedAsync() => Eventually.HoldsAsync(
        () =>
        {
            _channel.Write("x"u8);
            _channel.Flush();
            return _channel.IsBroken;
        },
        "a send is refused");
}
