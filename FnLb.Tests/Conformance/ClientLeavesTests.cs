using FnLb.Core.Proxy;
using FnLb.Core.Telemetry;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>A client that leaves: its node is free within a second, and the call is counted as aborted.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ClientLeavesTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ScriptedNode _node = ScriptedNode.Start();
    private readonly LoopbackBalancer _balancer;

    public ClientLeavesTests() => _balancer = new LoopbackBalancer(new ProxyOptions { Loops = 1 }, _node.Port);

    public async ValueTask DisposeAsync()
    {
        await _balancer.DisposeAsync();
        _node.Dispose();
    }

    [Test]
    public async Task B99_While_the_node_works_on_the_call([Values] Departure departure)
    {
        _node.Script = HoldAsync;
        await LeaveAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n", departure, _ => Task.CompletedTask);
    }

    [Test]
    public async Task B99_Between_interim_answers([Values] Departure departure)
    {
        _node.Script = async call =>
        {
            await call.SendAsync("HTTP/1.1 103 Early Hints\r\n\r\n");
            await HoldAsync(call);
        };
        await LeaveAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n", departure, client => client.ReadAnswerAsync());
    }

    [Test]
    public async Task B99_In_the_middle_of_the_answer(
        [Values] Departure departure,
        [Values("Content-Length: 10", "Transfer-Encoding: chunked", "X: until the end")] string framing)
    {
        _node.Script = async call =>
        {
            await call.SendAsync($"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n5\r\nhello\r\n"[..^3]);
            await HoldAsync(call);
        };
        await LeaveAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n", departure, client => client.ReadHeadAsync());
    }

    [TestCase("Content-Length: 10\r\n\r\nhello")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")]
    public async Task B99_In_the_middle_of_the_request(string rest)
    {
        foreach (Departure departure in Enum.GetValues<Departure>())
        {
            _node.Script = HoldAsync;
            await LeaveAsync($"POST / HTTP/1.1\r\nHost: a\r\n{rest}", departure, _ => Task.CompletedTask);
        }
    }

    [Test]
    public async Task An_answer_that_was_complete_is_no_aborted_call()
    {
        using (RawClient client = await RawClient.ConnectAsync(_balancer.Port))
        {
            await client.GetAsync("/");
        }

        using RawClient another = await RawClient.ConnectAsync(_balancer.Port);
        await another.GetAsync("/");

        Assert.That(_balancer.Read(Counter.CallsAborted), Is.Zero);
        Assert.That(_balancer.Read(Counter.NodeConnectionsReused), Is.EqualTo(1));
    }

    private static async Task HoldAsync(NodeCall call)
    {
        await call.Connection.ReadCloseAsync();
        call.Connection.Close();
    }

    private async Task LeaveAsync(string request, Departure departure, Func<RawClient, Task> before)
    {
        long abortedBefore = _balancer.Read(Counter.CallsAborted);
        int callsBefore = _node.Calls.Count;
        using RawClient client = await RawClient.ConnectAsync(_balancer.Port);
        await client.SendAsync(request);
        await Eventually.HoldsAsync(() => _node.Calls.Count > callsBefore, "the call is at the node");
        await before(client);
        Harness.NodeConnection connection = _node.Calls.Last().Connection;
        switch (departure)
        {
            case Departure.Reset:
                client.Reset();
                break;
            case Departure.Close:
                client.Dispose();
                break;
            default:
                client.HalfClose();
                break;
        }

        await Eventually.HoldsAsync(() => connection.IsClosed, "the node connection was cut", Second);
        await Eventually.HoldsAsync(() => _balancer.InFlight == 0, "the call left the count of those in flight",
            Second);
        Assert.That(_balancer.Read(Counter.CallsAborted) - abortedBefore, Is.EqualTo(1));
        Assert.That(_balancer.Read(Counter.AnswersCut), Is.Zero);
    }

    /// <summary>How it leaves; who has finished sending and waits for an answer counts as gone too.</summary>
    public enum Departure
    {
        Reset,
        Close,
        HalfClose,
    }
}
