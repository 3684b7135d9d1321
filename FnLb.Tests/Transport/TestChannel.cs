using System.Net;
using System.Net.Sockets;
using FnLb.Core.Transport;
using NUnit.Framework;

namespace FnLb.Tests.Transport;

/// <summary>A channel that does as it is told, and the socket at its other end.</summary>
internal sealed class TestChannel : SocketChannel, IDisposable
{
    private TestChannel(EventLoop loop, NativeSocket socket, Socket peer)
        : base(loop, socket, new ByteMeter())
    {
        Peer = peer;
        IsReadable = true;
        IsWritable = true;
    }

    public Socket Peer { get; }

    public static TestChannel Connect(EventLoop loop)
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Assert.That(
            NativeSocket.Connect(listener.LocalEndPoint!, out NativeSocket socket), Is.EqualTo(ConnectResult.Started));
        Socket peer = listener.Accept();
        peer.ReceiveTimeout = 10_000;
        return new TestChannel(loop, socket, peer);
    }

    public override void Run() => Flush();

    public override void Abort() => CloseSocket(reset: true);

    public void Dispose()
    {
        CloseSocket(reset: false);
        Peer.Dispose();
    }
}
