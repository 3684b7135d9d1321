using System.Net.Sockets;
using FnLb.Host.Lifecycle;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Host.Lifecycle;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class UnixListenerTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string SocketPath => _folder.In("admin.sock");

    public void Dispose() => _folder.Dispose();

    [Test]
    public void A_socket_that_a_killed_process_left_is_replaced()
    {
        UnixListener.Bind("-mgmt-listen", SocketPath).Dispose();
        bool wasLeft = File.Exists(SocketPath);

        using Socket socket = UnixListener.Bind("-mgmt-listen", SocketPath);

        Assert.That(wasLeft && socket.IsBound, Is.True);
    }

    [Test]
    public void A_socket_that_somebody_listens_on_is_left_alone()
    {
        using Socket first = UnixListener.Bind("-mgmt-listen", SocketPath);
        first.Listen();

        Assert.That(() => UnixListener.Bind("-mgmt-listen", SocketPath), Throws.InstanceOf<StartException>());
        Assert.That(File.Exists(SocketPath), Is.True);
    }

    [Test]
    public void What_is_no_socket_is_left_alone()
    {
        string file = _folder.In("precious");
        string link = _folder.In("link");
        string folder = Directory.CreateDirectory(_folder.In("folder")).FullName;
        File.WriteAllText(file, "kept");
        File.CreateSymbolicLink(link, file);

        foreach (string path in (string[])[file, link, folder])
        {
            Assert.That(
                () => UnixListener.Bind("-mgmt-listen", path),
                Throws.InstanceOf<StartException>().With.Message.Contains("not a socket"), path);
        }

        Assert.That(File.ReadAllText(link), Is.EqualTo("kept"));
    }
}
