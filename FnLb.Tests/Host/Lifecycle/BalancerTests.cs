using System.Net;
using System.Net.Sockets;
using FnLb.Core.Nodes;
using FnLb.Host.CommandLine;
using FnLb.Host.Lifecycle;
using FnLb.Host.Stores;
using FnLb.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace FnLb.Tests.Host.Lifecycle;

/// <summary>The wiring, within the test's own process.</summary>
public sealed class BalancerTests
{
    [Test]
    public async Task Calls_reach_a_node_of_the_command_line_and_the_API_knows_it()
    {
        using ScriptedNode node = ScriptedNode.Start();
        await using Balancer balancer = await StartAsync($"-mgmt-listen={FreeAddress()}", $"-nodes={node.Address}");
        using AdminClient admin = new(PortOf(balancer.AdminEndPoint));
        await admin.WaitForStateAsync(node.Address, "online");
        using RawClient client = await RawClient.ConnectAsync(PortOf(balancer.TrafficEndPoint));

        WireResponse answer = await client.GetAsync("/r/app/f");

        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, node.Address)));
    }

    [Test]
    public async Task With_one_address_for_both_the_API_is_in_front_of_the_traffic()
    {
        using ScriptedNode node = ScriptedNode.Start();
        int port = FreePort.Next();
        await using Balancer balancer = await StartAsync($"-listen=127.0.0.1:{port}", $"-mgmt-listen=127.0.0.1:{port}");
        using AdminClient admin = new(port);

        await admin.AddAsync(node.Address);
        await admin.WaitForStateAsync(node.Address, "online");

        using RawClient client = await RawClient.ConnectAsync(port);
        Assert.That((await client.GetAsync("/r/app/f")).Text, Is.EqualTo(node.Address));
        Assert.That((await admin.SendAsync(HttpMethod.Get, "/1/lb/other")).Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(balancer.AdminEndPoint, Is.EqualTo(balancer.TrafficEndPoint));
    }

    [Test]
    public void A_store_that_cannot_be_opened_ends_the_start_and_lets_the_address_go()
    {
        string listen = $"-listen=127.0.0.1:{FreePort.Next()}";

        for (int i = 0; i < 2; i++)
        {
            Assert.That(
                () => StartAsync(listen, "-mgmt-listen=127.0.0.1:0", "-db=sqlite3:///dev/null/n"),
                Throws.TypeOf<StartException>().With.Message.StartsWith("-db: the node store sqlite3:///dev/null/n"));
        }
    }

    [Test]
    public async Task Nodes_of_the_command_line_serve_though_the_file_of_the_store_cannot_be_opened()
    {
        using ScriptedNode node = ScriptedNode.Start();

        await using Balancer balancer = await StartAsync(
            "-mgmt-listen=127.0.0.1:0", "-db=sqlite3:///dev/null/n", $"-nodes={node.Address}");

        using RawClient client = await RawClient.ConnectAsync(PortOf(balancer.TrafficEndPoint));
        Assert.That((await client.GetAsync("/r/app/f")).Text, Is.EqualTo(node.Address));
        Assert.That(balancer.State().NotAdded, Is.EqualTo((string[])[node.Address]));
    }

    [Test]
    public async Task A_successor_goes_on_adding_the_nodes_that_are_in_no_store_yet()
    {
        FnlbOptions options = OptionParser.Parse(
            ["-listen=127.0.0.1:0", "-mgmt-listen=127.0.0.1:0", "-db=sqlite3:///dev/null/n"], _ => null).Options;
        ServiceState state = new()
        {
            Members = [new MemberState("127.0.0.1:1", default, 1), new MemberState("127.0.0.1:2", default, 1)],
            NotAdded = ["127.0.0.1:1"],
        };

        using Predecessor predecessor = await DeadPredecessorAsync();
        await using Balancer balancer = await Balancer.StartAsync(
            options, new BalancerStart { Predecessor = predecessor, State = state }, NullLoggerFactory.Instance);

        Assert.That(balancer.State().NotAdded, Is.EqualTo((string[])["127.0.0.1:1"]));
        Assert.That(balancer.Directory.Nodes, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_node_that_was_removed_while_a_successor_checked_does_not_come_back()
    {
        using TestFolder folder = new();
        FnlbOptions options = OptionParser.Parse(
            [
                "-listen=127.0.0.1:0", "-mgmt-listen=127.0.0.1:0", "-hc-interval=3600",
                $"-db=sqlite3://{folder.In("nodes.db")}",
            ],
            _ => null).Options;
        await using INodeStore store = NodeStores.Create(options, NullLogger.Instance);
        await store.AddAsync(Entries.Of("127.0.0.1:1"), default);
        await store.AddAsync(Entries.Of("127.0.0.1:2"), default);
        (int here, int there) = NativeCalls.SocketPair();
        using HandOverChannel channel = new(new Socket(new SafeSocketHandle(here, ownsHandle: true)));
        Socket control = new(new SafeSocketHandle(there, ownsHandle: true));
        using Predecessor predecessor = new(control, TimeProvider.System, NullLogger.Instance);

        Task<Balancer> starting = Balancer.StartAsync(
            options, new BalancerStart { Predecessor = predecessor }, NullLoggerFactory.Instance);
        bool isReady = await channel.WaitForDoneAsync(default);
        await store.RemoveAsync("127.0.0.1:2", default);
        await channel.SendListAsync(null, default);
        await using Balancer balancer = await starting;

        Assert.That(isReady, Is.True);
        Assert.That(balancer.Directory.Nodes.Single().Address, Is.EqualTo(Entries.Address("127.0.0.1:1")));
    }

    [Test]
    public async Task While_it_drains_the_API_still_answers_and_says_so()
    {
        TaskCompletionSource mayAnswer = new();
        using ScriptedNode node = ScriptedNode.Start(async call =>
        {
            await mayAnswer.Task;
            await call.AnswerAsync("finished");
        });
        await using Balancer balancer = await StartAsync($"-mgmt-listen={FreeAddress()}", $"-nodes={node.Address}");
        using AdminClient admin = new(PortOf(balancer.AdminEndPoint));
        await admin.WaitForStateAsync(node.Address, "online");
        using RawClient client = await RawClient.ConnectAsync(PortOf(balancer.TrafficEndPoint));
        await client.SendAsync("GET /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n");
        await Eventually.HoldsAsync(() => node.Calls.Count == 1, "the call is at the node");

        balancer.AnnounceDrain();
        Task draining = balancer.DrainAsync(Timeout.InfiniteTimeSpan);
        (HttpStatusCode Status, string Body) ready = await admin.SendAsync(HttpMethod.Get, "/readyz");
        bool endedEarly = draining.IsCompleted;
        mayAnswer.SetResult();
        WireResponse answer = await client.ReadAnswerAsync();
        client.Dispose();
        await draining;

        Assert.That(ready, Is.EqualTo((HttpStatusCode.ServiceUnavailable, "{\"msg\":\"draining\"}\n")));
        Assert.That((endedEarly, answer.Status, answer.Text), Is.EqualTo((false, 200, "finished")));
    }

    private static string FreeAddress() => $"127.0.0.1:{FreePort.Next()}";

    private static int PortOf(EndPoint endPoint) => ((IPEndPoint)endPoint).Port;

    private static async Task<Predecessor> DeadPredecessorAsync()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Socket control = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await control.ConnectAsync(listener.LocalEndPoint!);
        (await listener.AcceptAsync()).Dispose();
        return new Predecessor(control, TimeProvider.System, NullLogger.Instance);
    }

    private static Task<Balancer> StartAsync(params string[] arguments)
    {
        ParsedOptions parsed = OptionParser.Parse(["-listen=127.0.0.1:0", "-threads=1", .. arguments], _ => null);
        Assert.That(parsed.Errors, Is.Empty);
        return Balancer.StartAsync(parsed.Options, NullLoggerFactory.Instance);
    }
}
