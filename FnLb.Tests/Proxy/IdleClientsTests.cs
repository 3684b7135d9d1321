using FnLb.Core.Nodes;
using FnLb.Core.Proxy;
using FnLb.Core.Routing;
using FnLb.Core.Transport;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace FnLb.Tests.Proxy;

/// <summary>Clients that never had a socket, of a loop whose clock stands still unless told.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class IdleClientsTests : IDisposable
{
    private const int KeptMilliseconds = 10_000;

    private readonly HashSet<ClientConnection> _clients = [];
    private readonly EventLoop _loop = new(0, stagingBytes: 1024, NullLogger.Instance);
    private readonly ProxyLoop _proxy;
    private readonly IdleClients _idle;

    public IdleClientsTests()
    {
        NodeDirectory directory = new();
        _proxy = new ProxyLoop(_loop, new ProxyOptions(), new Router(directory), directory, NullLogger.Instance);
        _idle = new IdleClients(_clients, _loop);
    }

    public void Dispose() => _loop.Dispose();

    [Test]
    public void All_leave_in_the_order_they_came_to_wait_those_that_come_meanwhile_last([Values(3, 3_000)] int count)
    {
        for (int i = 0; i < count; i++)
        {
            _loop.NowMilliseconds = i * 7_919 % count;
            Come();
        }

        List<long> since = [];
        for (_loop.NowMilliseconds = count; _idle.FindOldest() is { } oldest; Leave(oldest))
        {
            since.Add(oldest.SinceMilliseconds);
            if (since.Count == 1)
            {
                Come();
            }
        }

        Assert.That(since, Is.EqualTo(Enumerable.Range(0, count + 1)));
    }

    [Test]
    public void One_that_makes_room_among_many_costs_a_list_of_few()
    {
        for (int i = 0; i < 20_000; i++)
        {
            Come();
        }

        _ = _idle.FindOldest();

        Assert.That(_clients.Count(client => client.IdlePlace is not null), Is.EqualTo(1024));
    }

    [Test]
    public void The_list_is_kept_for_ten_seconds_and_then_made_anew()
    {
        ClientConnection first = Come();
        Assert.That(_idle.FindOldest(), Is.EqualTo(first));

        _loop.NowMilliseconds += KeptMilliseconds - 1;
        Assert.That(Come().IdlePlace, Is.Not.Null, "the list is kept");
        _loop.NowMilliseconds++;
        ClientConnection last = Come();
        Assert.That(last.IdlePlace, Is.Null, "the list is given up");

        _clients.Where(client => client != last).ToList().ForEach(Leave);
        Assert.That(_idle.FindOldest(), Is.EqualTo(last));
    }

    private ClientConnection Come()
    {
        ClientConnection client = new(_proxy, new NativeSocket(-1), PeerAddress.FromBytes([127, 0, 0, 1]));
        _ = _clients.Add(client);
        _idle.Add(client);
        return client;
    }

    private void Leave(ClientConnection client)
    {
        _ = _clients.Remove(client);
        _idle.Remove(client);
    }
}
