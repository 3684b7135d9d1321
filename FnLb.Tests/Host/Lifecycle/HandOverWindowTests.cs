using System.Net;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Host.Lifecycle;

/// <summary>What happens while a new process checks its nodes and the old one serves, on the executable.</summary>
public sealed class HandOverWindowTests : EndToEndTest
{
    private readonly TaskCompletionSource _mayPass = new();
    private Task _mayAnswer = Task.CompletedTask;

    [Test]
    public async Task Changes_of_nodes_that_were_confirmed_meanwhile_are_not_lost()
    {
        ScriptedNode node = StartNode();
        ScriptedNode removed = StartNode();
        ScriptedNode added = StartNode();
        ScriptedNode drained = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync([node, removed, drained]);
        Succession succession = await BeginHandOverAsync(fnlb, node);

        HttpStatusCode[] statuses =
        [
            (await fnlb.Admin.AddAsync(added.Address)).Status,
            (await fnlb.Admin.RemoveAsync(removed.Address)).Status,
            (await fnlb.Admin.SendAsync(
                HttpMethod.Put, "/1/lb/nodes", $$"""{"node":"{{drained.Address}}","state":"draining"}""")).Status,
        ];
        await FinishHandOverAsync(fnlb);
        using AdminClient admin = new(fnlb.AdminPort);
        await admin.WaitForStateAsync(added.Address, "online");
        string[] nodes = [.. (await admin.NodesAsync()).Keys];
        string details = (await admin.SendAsync(HttpMethod.Get, "/1/lb/nodes?verbose=true")).Body;

        Assert.That(succession.Running(), Does.Not.Contain(fnlb.Id));
        Assert.That(statuses, Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(nodes, Is.EquivalentTo([node.Address, added.Address, drained.Address]));
        Assert.That(details, Does.Contain("draining"));
    }

    [Test]
    public async Task When_the_old_process_dies_meanwhile_the_new_one_goes_on_alone()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node);
        Succession succession = await BeginHandOverAsync(fnlb, node);

        fnlb.Signal(Signals.Kill);
        await Eventually.HoldsAsync(() => fnlb.HasExited, "the old process is dead");
        using RawClient waiting = await RawClient.ConnectAsync(fnlb.Port);
        await waiting.SendAsync("GET /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n");
        _mayPass.SetResult();
        WireResponse answer = await waiting.ReadAnswerAsync();
        using AdminClient admin = new(fnlb.AdminPort);
        await admin.WaitForStateAsync(node.Address, "online");

        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, "served")));
        Assert.That(succession.Running().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_signal_to_stop_ends_both_processes_and_cuts_nothing()
    {
        TaskCompletionSource mayAnswer = new();
        _mayAnswer = mayAnswer.Task;
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node);
        Succession succession = await BeginHandOverAsync(fnlb, node);
        RawClient client = await ConnectAsync(fnlb);
        await client.SendAsync("GET /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n");
        await Eventually.HoldsAsync(() => node.Calls.Count == 2, "the call is at the node");

        // The new one first: the old one, once it is told, ends it.
        foreach (int process in succession.Running().OrderBy(process => process == fnlb.Id))
        {
            Signals.Send(process, Signals.Terminate);
        }

        await Eventually.HoldsAsync(() => fnlb.Error.Contains("[1001]", StringComparison.Ordinal), "it drains");
        mayAnswer.SetResult();
        WireResponse answer = await client.ReadAnswerAsync();
        ProcessExit exit = await fnlb.WaitForExitAsync(TimeSpan.FromSeconds(5));
        await Eventually.HoldsAsync(() => !succession.Running().Any(), "none is left");
        _mayPass.SetResult();

        Assert.That((answer.Text, exit.Code), Is.EqualTo(("served", 0)), exit.ToString());
        Assert.That(exit.Error, Does.Contain("a signal asked to stop"));
    }

    [Test]
    public async Task The_old_process_stays_ready_on_the_connections_of_whoever_asks_it()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node);
        using RawClient prober = await RawClient.ConnectAsync(fnlb.AdminPort);
        Succession succession = await BeginHandOverAsync(fnlb, node);

        await prober.SendAsync("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        WireResponse during = await prober.ReadAnswerAsync();
        _mayPass.SetResult();
        await Eventually.HoldsAsync(
            () => fnlb.Error.Contains("[1011]", StringComparison.Ordinal), "it hands over", TimeSpan.FromSeconds(20));
        await prober.SendAsync("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        WireResponse after = await prober.ReadAnswerAsync();

        Assert.That((during.Status, after.Status), Is.EqualTo((200, 200)), "the service is ready all the time");
        Assert.That(succession.Running(), Is.Not.Empty);
    }

    /// <summary>Comes back when the new process waits for the check of the node.</summary>
    private async Task<Succession> BeginHandOverAsync(FnlbProcess fnlb, ScriptedNode node)
    {
        ExpectExit(fnlb);
        Succession succession = Own(new Succession(fnlb));
        node.Script = async call =>
        {
            bool isCheck = call.Target == "/version";
            await (isCheck ? _mayPass.Task : _mayAnswer);
            await call.AnswerAsync(isCheck ? "{\"version\":\"0.3.750\"}" : "served");
        };
        node.CheckAnswer = null;
        succession.Ask();
        await Eventually.HoldsAsync(() => node.Calls.Count == 1, "the new process checks", TimeSpan.FromSeconds(20));
        return succession;
    }

    private async Task FinishHandOverAsync(FnlbProcess fnlb)
    {
        _mayPass.SetResult();
        await Eventually.HoldsAsync(() => fnlb.HasExited, "the old process ends", TimeSpan.FromSeconds(20));
    }
}
