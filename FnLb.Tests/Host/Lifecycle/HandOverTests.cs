using System.Net;
using System.Text.RegularExpressions;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Host.Lifecycle;

/// <summary>SIGUSR2 on the executable: a new process takes the place of the old one.</summary>
public sealed partial class HandOverTests : EndToEndTest
{
    [Test]
    public async Task No_call_fails_over_several_hand_overs_under_load()
    {
        ScriptedNode[] nodes = [StartNode(SteadyLoad.EchoAsync), StartNode(SteadyLoad.EchoAsync)];
        FnlbProcess fnlb = await StartFnlbAsync(nodes);
        ExpectExit(fnlb);
        await using SteadyLoad load = SteadyLoad.Start(fnlb.Port, clients: 16);
        Succession succession = Own(new Succession(fnlb));
        for (int handOver = 0; handOver < 4; handOver++)
        {
            await load.WaitForMoreAsync(200);
            await succession.HandOverAsync();
        }

        await load.WaitForMoreAsync(200);
        await load.StopAsync();
        await Eventually.HoldsAsync(() => fnlb.HasExited, "the first process has drained");

        await TestContext.Out.WriteLineAsync(load.ToString());
        Assert.That(load.Failures, Is.Empty, load.ToString());
    }

    [Test]
    public async Task The_old_process_finishes_what_runs_there_and_the_new_one_has_the_node_list()
    {
        TaskCompletionSource mayAnswer = new();
        ScriptedNode node = StartNode(async call =>
        {
            await (call.Target == "/slow" ? mayAnswer.Task : Task.CompletedTask);
            await call.AnswerAsync("finished");
        });
        ScriptedNode added = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node);
        ExpectExit(fnlb);
        await fnlb.Admin.AddAsync(added.Address);
        await fnlb.Admin.WaitForStateAsync(added.Address, "online");
        await fnlb.Admin.RemoveAsync(node.Address);
        await fnlb.Admin.AddAsync(node.Address);
        await fnlb.Admin.WaitForStateAsync(node.Address, "online");
        await fnlb.Admin.RemoveAsync(added.Address);
        RawClient client = await ConnectAsync(fnlb);
        await client.SendAsync("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        await Eventually.HoldsAsync(() => node.Calls.Count == 1, "the call is at the node");

        await HandOverAsync(fnlb);
        using AdminClient admin = new(fnlb.AdminPort);
        IReadOnlyDictionary<string, string> nodes = await admin.NodesAsync();
        WireResponse other = await (await ConnectAsync(fnlb)).GetAsync("/quick");
        bool endedEarly = fnlb.HasExited;
        mayAnswer.SetResult();
        WireResponse answer = await client.ReadAnswerAsync();
        await Eventually.HoldsAsync(() => fnlb.HasExited, "the old process ends");

        Assert.That(nodes, Is.EqualTo(new Dictionary<string, string> { [node.Address] = "online" }));
        Assert.That((endedEarly, other.Status, answer.Text), Is.EqualTo((false, 200, "finished")));
        Assert.That(answer.Head.Value("Connection"), Is.EqualTo("close"));
    }

    [Test]
    public async Task A_removal_that_waits_for_calls_is_told_that_the_node_stays_draining()
    {
        TaskCompletionSource mayAnswer = new();
        ScriptedNode node = StartNode(async call =>
        {
            await mayAnswer.Task;
            await call.AnswerAsync("finished");
        });
        FnlbProcess fnlb = await StartFnlbAsync(node);
        ExpectExit(fnlb);
        RawClient client = await ConnectAsync(fnlb);
        await client.SendAsync("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        await Eventually.HoldsAsync(() => node.Calls.Count == 1, "the call is at the node");
        Task<(HttpStatusCode Status, string Body)> removal = fnlb.Admin.SendAsync(
            HttpMethod.Delete, "/1/lb/nodes?drain=60s", $$"""{"node":"{{node.Address}}"}""");
        await Eventually.HoldsAsync(
            async () => (await DetailsAsync(fnlb.Admin)).Contains("draining: ", StringComparison.Ordinal), "it drains");

        await HandOverAsync(fnlb);
        (HttpStatusCode status, string body) = await removal;
        using AdminClient admin = new(fnlb.AdminPort);
        string details = await DetailsAsync(admin);
        mayAnswer.SetResult();
        WireResponse answer = await client.ReadAnswerAsync();
        await Eventually.HoldsAsync(() => fnlb.HasExited, "the old process ends");

        Assert.That((status, answer.Text), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "finished")));
        Assert.That(body, Does.Contain("the node stays draining"));
        Assert.That(details, Does.Contain("draining: "));
    }

    [Test]
    public async Task Both_processes_write_the_access_log_and_no_line_is_lost()
    {
        TaskCompletionSource mayAnswer = new();
        ScriptedNode node = StartNode(async call =>
        {
            await (call.Target == "/slow" ? mayAnswer.Task : Task.CompletedTask);
            await call.AnswerAsync("finished");
        });
        string log = Folder.In("access.log");
        FnlbProcess fnlb = await StartFnlbAsync(node, $"-access-log={log}");
        ExpectExit(fnlb);
        RawClient client = await ConnectAsync(fnlb);
        await client.GetAsync("/before");
        await client.SendAsync("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        await Eventually.HoldsAsync(() => node.Calls.Count == 2, "the call is at the node");

        await HandOverAsync(fnlb);
        for (int call = 0; call < 20; call++)
        {
            // The old process may have accepted the first of these, and then closes it after its answer.
            await (await ConnectAsync(fnlb)).GetAsync("/quick");
        }

        await Eventually.HoldsAsync(() => File.ReadAllText(log).Split("/quick").Length == 21, "they are logged");
        mayAnswer.SetResult();
        await client.ReadAnswerAsync();
        await Eventually.HoldsAsync(() => fnlb.HasExited, "the old process ends");
        string[] lines = await File.ReadAllLinesAsync(log);

        Assert.That(
            lines, Has.Length.EqualTo(22).And.All.StartsWith("{\"time\":").And.All.EndsWith("}"),
            string.Join('\n', lines));
        Assert.That(lines[^1], Does.Contain("/slow"));
    }

    [Test]
    public async Task The_new_process_is_no_child_of_the_old_one()
    {
        FnlbProcess fnlb = await StartFnlbAsync([]);
        ExpectExit(fnlb);

        int successor = await HandOverAsync(fnlb);

        string parent = File.ReadLines($"/proc/{successor}/status").First(line => line.StartsWith("PPid:"));
        Assert.That(parent, Is.Not.EqualTo($"PPid:\t{fnlb.Id}"), "systemd waits only for its own children to stop");
    }

    [Test]
    public async Task A_stop_of_the_service_cuts_nothing_that_still_runs_in_the_old_process()
    {
        TaskCompletionSource mayAnswer = new();
        ScriptedNode node = StartNode(async call =>
        {
            await mayAnswer.Task;
            await call.AnswerAsync("finished");
        });
        FnlbProcess fnlb = await StartFnlbAsync(node);
        ExpectExit(fnlb);
        RawClient client = await ConnectAsync(fnlb);
        await client.SendAsync("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        await Eventually.HoldsAsync(() => node.Calls.Count == 1, "the call is at the node");

        int successor = await HandOverAsync(fnlb);
        fnlb.Signal(Signals.Terminate);
        Signals.Send(successor, Signals.Terminate);
        await Eventually.HoldsAsync(() => !Directory.Exists($"/proc/{successor}"), "the new process stops");
        mayAnswer.SetResult();
        WireResponse answer = await client.ReadAnswerAsync();

        Assert.That(answer.Text, Is.EqualTo("finished"));
    }

    [Test]
    public async Task The_old_process_still_answers_a_client_of_the_node_API_that_it_has_just_accepted()
    {
        FnlbProcess fnlb = await StartFnlbAsync([]);
        ExpectExit(fnlb);
        using RawClient reader = await RawClient.ConnectAsync(fnlb.AdminPort);
        using RawClient writer = await RawClient.ConnectAsync(fnlb.AdminPort);

        await HandOverAsync(fnlb);
        await Eventually.StaysTrueAsync(() => !fnlb.HasExited, TimeSpan.FromMilliseconds(200), "the old one lingers");
        await reader.SendAsync("GET /1/lb/nodes HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await writer.SendAsync("DELETE /1/lb/nodes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
        WireResponse read = await reader.ReadAnswerAsync();
        WireResponse written = await writer.ReadAnswerAsync("DELETE");

        Assert.That((read.Status, read.Head.Value("Connection")), Is.EqualTo((200, "close")));
        Assert.That((written.Status, written.Head.Value("Connection")), Is.EqualTo((503, "close")));
    }

    [Test]
    public async Task The_new_process_counts_what_the_old_one_cut()
    {
        ScriptedNode node = StartNode(call => call.Connection.ReadCloseAsync(TimeSpan.FromSeconds(30)));
        FnlbProcess fnlb = await StartFnlbAsync(node, "-shutdown-timeout=300ms");
        ExpectExit(fnlb);
        await (await ConnectAsync(fnlb)).SendAsync("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        await Eventually.HoldsAsync(() => node.Calls.Count == 1, "the call is at the node");

        await HandOverAsync(fnlb);
        await Eventually.HoldsAsync(() => fnlb.HasExited, "the old process ends");
        using AdminClient admin = new(fnlb.AdminPort);

        await Eventually.HoldsAsync(
            async () => (await admin.SendAsync(HttpMethod.Get, "/metrics")).Body
                .Contains("\nfnlb_drain_cut_calls_total 1\n", StringComparison.Ordinal),
            "the call is counted");
    }

    [Test]
    public async Task Systemd_is_told_of_the_new_process()
    {
        ServiceWatcher watcher = Own(new ServiceWatcher());
        int port = FreePort.Next();
        int adminPort = FreePort.Next();
        Dictionary<string, string> environment = new()
        {
            ["NOTIFY_SOCKET"] = watcher.Address,
            ["WATCHDOG_USEC"] = "1000000",
        };
        FnlbProcess fnlb = Own(FnlbProcess.Launch(
            port, adminPort, [$"-listen=127.0.0.1:{port}", $"-mgmt-listen=127.0.0.1:{adminPort}"], environment));
        await watcher.WaitForAsync("READY=1");

        int successor = await HandOverAsync(fnlb);
        await watcher.WaitForAsync($"MAINPID={successor}");
        await Eventually.HoldsAsync(() => fnlb.HasExited, "the old process ends");
        int fed = watcher.CountOf("WATCHDOG=1");
        await Eventually.HoldsAsync(() => watcher.CountOf("WATCHDOG=1") > fed, "the new process feeds the watchdog");

        string[] said = [.. watcher.Messages];
        int reloading = Array.FindIndex(said, message => ReloadingMessage().IsMatch(message));
        int handedOver = Array.FindIndex(said, message => message == $"MAINPID={successor}\nREADY=1");
        Assert.That(reloading, Is.GreaterThan(0), string.Join(" | ", said));
        Assert.That(handedOver, Is.GreaterThan(reloading), string.Join(" | ", said));
    }

    [Test]
    public async Task A_new_process_that_cannot_start_leaves_the_old_one_serving()
    {
        ScriptedNode node = StartNode();
        string config = Folder.In("fnlb.json");
        await File.WriteAllTextAsync(config, "{}");
        FnlbProcess fnlb = await StartFnlbAsync(node, $"-config={config}");
        await File.WriteAllTextAsync(config, "{");

        fnlb.Signal(Signals.User2);
        await Eventually.HoldsAsync(() => fnlb.Error.Contains("[1012]", StringComparison.Ordinal), "it says so");
        WireResponse answer = await (await ConnectAsync(fnlb)).GetAsync("/r/app/f");

        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That(fnlb.Error, Does.Contain("the new process ended before it served"));
    }

    private static async Task<string> DetailsAsync(AdminClient admin) =>
        (await admin.SendAsync(HttpMethod.Get, "/1/lb/nodes?verbose=true")).Body;

    /// <returns>The process that serves now.</returns>
    private async Task<int> HandOverAsync(FnlbProcess fnlb)
    {
        Succession succession = Own(new Succession(fnlb));
        await succession.HandOverAsync();
        return succession.Serving;
    }

    [GeneratedRegex(@"^RELOADING=1\nMONOTONIC_USEC=\d+$")]
    private static partial Regex ReloadingMessage();
}
