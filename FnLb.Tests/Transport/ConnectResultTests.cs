using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using FnLb.Core.Transport;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Transport;

/// <summary>What this machine is short of is not the fault of those it cannot connect to for that.</summary>
[TestFixture]
internal sealed partial class ConnectResultTests
{
    private const int NewNetwork = 0x40000000;

    [Test]
    public void Without_a_free_port_it_is_ports_that_are_short() => InANetworkOfItsOwn(() =>
    {
        File.WriteAllText("/proc/sys/net/ipv4/ip_local_port_range", "50000 50001");
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
    public void Without_an_address_of_the_family_the_other_side_is_unreachable() => InANetworkOfItsOwn(() =>
    {
        File.WriteAllText("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");

        ConnectResult result = NativeSocket.Connect(new IPEndPoint(IPAddress.IPv6Loopback, 40_000), out _);

        Assert.That(result, Is.EqualTo(ConnectResult.Unreachable));
    });

    // A network belongs to a thread.
    private static void InANetworkOfItsOwn(Action action)
    {
        Assume.That(Environment.IsPrivilegedProcess, "networks are for root alone");
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Assert.That(Unshare(NewNetwork), Is.Zero, "a network of its own");
                Shell.Run("ip", "link", "set", "lo", "up");
                action();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);
}
