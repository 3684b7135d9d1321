using System.Net;
using System.Net.Sockets;
using FnLb.Core.Transport;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Transport;

/// <summary>What this machine is short of is not the fault of those it cannot connect to for that.</summary>
[TestFixture]
internal sealed class ConnectResultTests
{
    [Test]
    public void Without_a_free_port_it_is_ports_that_are_short() => OwnNetwork.Run(() =>
    {
        OwnNetwork.LimitPorts(2);
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 40_000));
        listener.Listen();

        List<ConnectResult> results = [];
        List<NativeSocket> sockets = [];
        for (int i = 0; i < 3; i++)
        {
            results.Add(NativeSocket.Connect(listener.LocalEndPoint!, out NativeSocket socket));
            sockets.Add(socket);
        }

        sockets[0].Close(reset: true);
        sockets[1].Close(reset: true);
        Assert.That(results, Is.EqualTo((ConnectResult[])
            [ConnectResult.Started, ConnectResult.Started, ConnectResult.NoPort]));
    });

    [Test]
    public void Without_an_address_of_the_family_the_other_side_is_unreachable() => OwnNetwork.Run(() =>
    {
        File.WriteAllText("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");

        ConnectResult result = NativeSocket.Connect(new IPEndPoint(IPAddress.IPv6Loopback, 40_000), out _);

        Assert.That(result, Is.EqualTo(ConnectResult.Unreachable));
    });
}
