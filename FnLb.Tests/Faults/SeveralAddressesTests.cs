using System.Net;
using System.Net.Sockets;
using FnLb.Core.Nodes;
using FnLb.Core.Proxy;
using FnLb.Core.Telemetry;
using FnLb.Tests.Conformance;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Faults;

/// <summary>A node whose name has several addresses: a call tries them before it gives the node up.</summary>
public sealed class SeveralAddressesTests : EndToEndTest
{
    private static readonly ProxyOptions Options = new() { ConnectTimeout = TimeSpan.FromMilliseconds(400) };

    [TestCase("127.0.0.2", "127.0.0.1")]
    [TestCase("127.0.0.1", "::1")]
    [TestCase("::1", "127.0.0.1")]
    public async Task A_dead_address_costs_one_attempt_and_no_call_and_the_node_stays(string dead, string live)
    {
        ScriptedNode node = StartNode(call => call.AnswerAsync(live), address: IPAddress.Parse(live));
        await using LoopbackBalancer balancer = new(Options, node.Port);
        Node member = balancer.Nodes.Single();
        member.EndPoints = [At(dead, node), At(live, node)];

        string[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CallAsync(balancer, "POST")));
        long retriesOfTheFirst = balancer.Read(Counter.RetriesAfterConnectFailure);
        string later = await CallAsync(balancer, "GET");

        Assert.That((string[])[.. answers, later], Is.All.EqualTo($"200 {live}"));
        Assert.That(retriesOfTheFirst, Is.InRange(1, 8));
        Assert.That(balancer.Read(Counter.RetriesAfterConnectFailure), Is.EqualTo(retriesOfTheFirst));
        Assert.That(member.Operational, Is.EqualTo(OperationalState.Online));
    }

    [Test]
    public async Task An_address_that_does_not_answer_costs_the_connect_timeout_and_no_call()
    {
        ScriptedNode node = StartNode(call => call.AnswerAsync("live"));
        ScriptedNode silent = StartNode(port: node.Port, address: IPAddress.Parse("127.0.0.2"));
        await silent.IgnoreConnectsAsync();
        await using LoopbackBalancer balancer = new(Options, node.Port);
        balancer.Nodes.Single().EndPoints = [At("127.0.0.2", node), At("127.0.0.1", node)];

        Assert.That(await CallAsync(balancer, "POST"), Is.EqualTo("200 live"));
    }

    [Test]
    public async Task An_address_without_a_route_fails_at_once_and_the_next_is_taken()
    {
        ScriptedNode node = StartNode(call => call.AnswerAsync("live"));
        await using LoopbackBalancer balancer = new(Options, node.Port);
        balancer.Nodes.Single().EndPoints = [At("255.255.255.255", node), At("127.0.0.1", node)];

        Assert.That(await CallAsync(balancer, "POST"), Is.EqualTo("200 live"));
        Assert.That(balancer.Read(Counter.RetriesAfterConnectFailure), Is.Zero);
    }

    [Test]
    public void An_address_for_which_no_port_is_left_costs_no_call_and_the_next_is_taken() => OwnNetwork.Run(() =>
    {
        using ScriptedNode crowded = ScriptedNode.Start(port: 40_000, address: IPAddress.Parse("127.0.0.2"));
        using ScriptedNode node = ScriptedNode.Start(call => call.AnswerAsync("live"), port: 40_000);
        LoopbackBalancer balancer = new(Options, node.Port);
        balancer.Nodes.Single().EndPoints = [At("127.0.0.2", node), At("127.0.0.1", node)];
        OwnNetwork.LimitPorts(1);
        using Socket takesThePort = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        takesThePort.Connect(crowded.EndPoint);

        string answer = CallAsync(balancer, "POST").GetAwaiter().GetResult();

        balancer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Assert.That(answer, Is.EqualTo("200 live"));
    });

    [Test]
    public async Task A_node_has_failed_when_its_last_address_has_and_the_next_node_takes_the_call()
    {
        ScriptedNode first = StartNode(call => call.AnswerAsync("next"));
        ScriptedNode second = StartNode(call => call.AnswerAsync("next"));
        await using LoopbackBalancer balancer = new(Options, first.Port, second.Port);
        string target = "/r/app/f";
        await CallAsync(balancer, "GET", target);
        ScriptedNode home = first.Calls.Count > 0 ? first : second;
        home.Kill();
        Node member = balancer.Nodes.Single(node => node.Address.Port == home.Port);
        member.EndPoints = [At("127.0.0.2", home), At("127.0.0.3", home), At("127.0.0.1", home)];
        List<Node> failed = [];
        balancer.Directory.ConnectFailed += failed.Add;

        string answer = await CallAsync(balancer, "POST", target);

        Assert.That(answer, Is.EqualTo("200 next"));
        Assert.That(failed, Is.EqualTo((Node[])[member]));
        Assert.That(balancer.Read(Counter.RetriesAfterConnectFailure), Is.EqualTo(3));
    }

    private static IPEndPoint At(string address, ScriptedNode node) => new(IPAddress.Parse(address), node.Port);

    private static async Task<string> CallAsync(LoopbackBalancer balancer, string method, string target = "/r/app/f")
    {
        using RawClient client = await RawClient.ConnectAsync(balancer.Port);
        WireResponse answer = await client.CallAsync(method, target, method == "POST" ? "body" : "");
        return $"{answer.Status} {answer.Text}";
    }
}
