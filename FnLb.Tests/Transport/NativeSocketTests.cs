using System.Net;
using System.Net.Sockets;
using System.Text;
using FnLb.Core.Transport;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Transport;

[TestFixture]
internal sealed class NativeSocketTests
{
    private Socket _listener = null!;
    private NativeSocket _socket;

    [SetUp]
    public void Connect()
    {
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Assert.That(
            NativeSocket.Connect(_listener.LocalEndPoint!, out _socket), Is.EqualTo(ConnectResult.Started));
    }

    [TearDown]
    public void Close()
    {
        _socket.Close(reset: false);
        _listener.Dispose();
    }

    [Test]
    public async Task What_the_peer_has_read_is_acknowledged_once_its_stream_has_ended([Values] bool repliesFirst)
    {
        using Socket peer = await _listener.AcceptAsync();
        byte[] buffer = new byte[64];
        if (repliesFirst)
        {
            Send("request");
            await peer.ReceiveAsync(buffer);
            await peer.SendAsync("answer"u8.ToArray());
            await EndsAsync(Encoding.ASCII.GetByteCount("answer"));
        }

        Send("first");
        await peer.ReceiveAsync(buffer.AsMemory(0, 1));
        peer.Shutdown(SocketShutdown.Send);
        await EndsAsync(0);

        int sent = repliesFirst ? "request".Length + "first".Length : "first".Length;
        Assert.That(_socket.AcknowledgedBytes(), Is.EqualTo(sent));
    }

    [Test]
    public async Task What_was_sent_after_the_peer_had_closed_is_not_acknowledged([Values] bool repliesFirst)
    {
        Socket peer = await _listener.AcceptAsync();
        if (repliesFirst)
        {
            Send("request");
            await peer.ReceiveAsync(new byte[64]);
        }

        peer.Close();
        Send("late");
        await EndsAsync(0);

        Assert.That(_socket.AcknowledgedBytes(), Is.EqualTo(repliesFirst ? "request".Length : 0));
    }

    private void Send(string text) =>
        Assert.That(_socket.Send(Encoding.ASCII.GetBytes(text)), Is.EqualTo(text.Length));

    private async Task EndsAsync(int expected)
    {
        int received = NativeSocket.WouldBlock;
        await Eventually.HoldsAsync(
            () => (received = _socket.Receive(new byte[64])) != NativeSocket.WouldBlock, "something is received");
        Assert.That(received, Is.EqualTo(expected));
    }
}
