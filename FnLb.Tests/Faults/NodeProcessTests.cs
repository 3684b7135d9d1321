using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Faults;

/// <summary>Nodes in processes of their own that die, stop, or can no longer be reached.</summary>
public sealed class NodeProcessTests : FaultTest
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    [Test]
    public async Task A_node_that_is_killed_and_replaced_costs_no_call_that_may_run_twice()
    {
        NodeProcess[] nodes = await StartAsync(3);
        FnlbProcess fnlb = await StartFaultyAsync(nodes);

        await MeasureAsync(
            "node killed (SIGKILL) and replaced", fnlb, Promise.NoRepeatableCallFails, async () =>
            {
                for (int kills = 0; kills < Duration / Interval; kills++)
                {
                    NodeProcess node = nodes[kills % nodes.Length];
                    node.Kill();
                    await LastAsync(Interval / 2);
                    await node.ReplaceAsync();
                    await fnlb.Admin.WaitForStateAsync(node.Address, "online");
                }
            });
    }

    [Test]
    public async Task A_node_that_is_stopped_costs_no_call()
    {
        NodeProcess[] nodes = await StartAsync(2);
        FnlbProcess fnlb = await StartFaultyAsync(nodes);

        await MeasureAsync(
            "node stopped (SIGSTOP), then continued", fnlb, Promise.NoCallFails, async () =>
            {
                nodes[0].Signal(Signals.Stop);
                await fnlb.Admin.WaitForStateAsync(nodes[0].Address, "offline");
                await LastAsync();
                nodes[0].Signal(Signals.Continue);
                await fnlb.Admin.WaitForStateAsync(nodes[0].Address, "online");
            });
    }

    [Test]
    public async Task A_network_that_is_cut_and_mended_costs_no_call()
    {
        (NodeProcess[] nodes, NetworkNamespace network) = await StartWithOneAwayAsync();
        FnlbProcess fnlb = await StartFaultyAsync(nodes);

        await MeasureAsync(
            "network of a node cut: every packet lost, then mended", fnlb, Promise.NoCallFails, async () =>
            {
                network.Lose(1);
                await fnlb.Admin.WaitForStateAsync(nodes[0].Address, "offline");
                await LastAsync();
                Assert.That(await network.MendAsync(), Is.Positive, "packets lost");
                await fnlb.Admin.WaitForStateAsync(nodes[0].Address, "online");
            });
    }

    [Test]
    public async Task A_network_that_loses_packets_costs_no_call()
    {
        (NodeProcess[] nodes, NetworkNamespace network) = await StartWithOneAwayAsync();
        FnlbProcess fnlb = await StartFaultyAsync(nodes);

        await MeasureAsync("a node's network loses 20 % of the packets", fnlb, Promise.NoCallFails, async () =>
        {
            network.Lose(0.2);
            await LastAsync();
            Assert.That(await network.MendAsync(), Is.Positive, "packets lost");
        });
    }

    [Test]
    public async Task A_node_that_vanishes_with_its_network_costs_no_call_that_may_run_twice()
    {
        (NodeProcess[] nodes, NetworkNamespace network) = await StartWithOneAwayAsync();
        FnlbProcess fnlb = await StartFaultyAsync(nodes, "-node-silence-timeout=2s");

        await MeasureAsync(
            "node gone with its network: connections half-open", fnlb, Promise.NoRepeatableCallFails, async () =>
            {
                network.Lose(1);
                await fnlb.Admin.WaitForStateAsync(nodes[0].Address, "offline");
                nodes[0].Kill();
                await LastAsync();
            });
    }

    [Test]
    public async Task A_POST_that_never_reached_its_node_goes_to_another()
    {
        (NodeProcess[] nodes, NetworkNamespace network) = await StartWithOneAwayAsync();
        FnlbProcess fnlb = await StartBeforeAsync(nodes.Select(node => node.Address), "-hc-interval=10m");
        network.LoseRequests();
        string[] bodies = [.. Enumerable.Range(0, 8).Select(number => $"body {number}")];
        RawClient[] clients = await Task.WhenAll(bodies.Select(_ => ConnectAsync(fnlb)));
        Task<WireResponse>[] calls =
            [.. clients.Zip(bodies, (client, body) => client.PostAsync($"/r/app/{body.Replace(' ', '-')}", body))];
        int lost = 0;
        await Eventually.HoldsAsync(
            async () => (lost = await UnacknowledgedAsync(nodes[0])) + calls.Count(call => call.IsCompleted) == 8,
            "all calls are answered or on their way");
        Assert.That(lost, Is.Positive, "calls on their way");

        nodes[0].Kill();

        WireResponse[] answers = await Task.WhenAll(calls);
        Assert.That(answers.Select(answer => answer.Text), Is.EqualTo(bodies));
    }

    private async Task<NodeProcess[]> StartAsync(int count)
    {
        NodeProcess[] nodes = await NodeProcess.StartAsync(count);
        Array.ForEach(nodes, node => Own(node));
        return nodes;
    }

    /// <returns>Connections to the node on which bytes are on their way.</returns>
    private static async Task<int> UnacknowledgedAsync(NodeProcess node)
    {
        string connections = await Shell.RunAsync("ss", "-Htn", "state", "established", "dst", node.Address);
        return connections.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Count(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] != "0");
    }

    private async Task<(NodeProcess[] Nodes, NetworkNamespace OfFirst)> StartWithOneAwayAsync()
    {
        Assume.That(Environment.IsPrivilegedProcess, "a network of its own is for root alone");
        NetworkNamespace network = Own(NetworkNamespace.Create());
        NodeProcess[] nodes =
            [Own(await NodeProcess.StartAsync(network)), Own(await NodeProcess.StartAsync(network: null))];
        return (nodes, network);
    }

    // An ejection is longer each time: a node that is killed over and over would be out for most of a long run.
    private Task<FnlbProcess> StartFaultyAsync(NodeProcess[] nodes, params string[] flags) => StartBeforeAsync(
        nodes.Select(node => node.Address),
        ["-node-idle-timeout=2s", "-hc-interval=200ms", "-hc-timeout=500ms", "-slow-start=0",
            "-outlier-time=1s", "-outlier-time-max=1s", .. flags]);
}
