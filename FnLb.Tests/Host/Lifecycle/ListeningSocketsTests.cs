using System.Net;
using System.Net.Sockets;
using FnLb.Host.CommandLine;
using FnLb.Host.Lifecycle;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Host.Lifecycle;

public sealed class ListeningSocketsTests
{
    [TestCase(":{0}", ":{0}")]
    [TestCase(":{0}", "0.0.0.0:{0}")]
    [TestCase("[::]:{0}", ":{0}")]
    [TestCase("127.0.0.1:{0}", "127.0.0.1:{0}")]
    [TestCase("localhost:{0}", "127.0.0.1:{0}")]
    public async Task Two_spellings_of_one_address_share_it(string traffic, string admin)
    {
        int port = FreePort.Next();

        using ListeningSockets sockets = await BindAsync(traffic, admin, port);

        Assert.That(sockets.SharesAddress, Is.True);
        Assert.That(((IPEndPoint)sockets.Traffic.LocalEndPoint!).Port, Is.EqualTo(port));
        Assert.That(sockets.Admin.LocalEndPoint!.ToString(), Does.StartWith("@fnlb-admin-"));
    }

    [Test]
    public async Task Two_addresses_are_two_sockets()
    {
        using ListeningSockets sockets = await BindAsync("127.0.0.1:0", "127.0.0.2:0", 0);

        Assert.That(sockets.SharesAddress, Is.False);
        Assert.That(((IPEndPoint)sockets.Admin.LocalEndPoint!).Address, Is.EqualTo(IPAddress.Parse("127.0.0.2")));
    }

    [Test]
    public async Task Without_a_host_both_kinds_of_address_are_listened_on()
    {
        int port = FreePort.Next();
        using ListeningSockets sockets = await BindAsync(":{0}", "127.0.0.1:0", port);

        sockets.ListenForTraffic();
        foreach (IPAddress address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
        {
            using Socket client = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(address, port);
        }
    }

    [Test]
    public async Task An_address_in_use_is_told_with_the_flag_and_the_first_socket_is_let_go()
    {
        int port = FreePort.Next();
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        string inUse = taken.LocalEndPoint!.ToString()!;

        Assert.That(
            () => BindAsync("127.0.0.1:{0}", inUse, port),
            Throws.TypeOf<StartException>().With.Message.EqualTo(
                $"-mgmt-listen \"{inUse}\": the address is in use: stop who listens there or choose another"));
        using ListeningSockets again = await BindAsync("127.0.0.1:{0}", "127.0.0.1:0", port);
        again.ListenForTraffic();
        Assert.That(() => BindAsync("127.0.0.1:{0}", "127.0.0.1:0", port), Throws.TypeOf<StartException>());
    }

    [Test]
    public async Task Of_two_that_bind_at_the_same_moment_the_second_to_listen_is_told()
    {
        int port = FreePort.Next();
        using ListeningSockets first = await BindAsync("127.0.0.1:{0}", "127.0.0.1:0", port);
        using ListeningSockets second = await BindAsync("127.0.0.1:{0}", "127.0.0.1:0", port);
        first.ListenForTraffic();

        Assert.That(
            second.ListenForTraffic, Throws.TypeOf<StartException>().With.Message.Contains("the address is in use"));
    }

    [TestCase("192.0.2.1:0", "must be an address of this machine")]
    [TestCase("no-such-host.invalid:0", "must be an address here")]
    public void A_host_that_is_not_here_is_told_with_the_flag(string listen, string rule)
    {
        Assert.That(
            () => BindAsync(listen, "127.0.0.1:0", 0),
            Throws.TypeOf<StartException>()
                .With.Message.StartsWith($"-listen \"{listen}\"").And.Message.Contains(rule));
    }

    private static Task<ListeningSockets> BindAsync(string traffic, string admin, int port) =>
        ListeningSockets.BindAsync(Address(traffic, port), Address(admin, port), new InheritedSockets());

    private static ListenAddress Address(string format, int port) =>
        ListenAddress.TryParse(string.Format(null, format, port), out ListenAddress address)
            ? address
            : throw new ArgumentException(format);
}
