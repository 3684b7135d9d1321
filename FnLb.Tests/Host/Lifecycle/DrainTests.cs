using System.Net;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Host.Lifecycle;

/// <summary>What SIGTERM does before the process ends, on the executable.</summary>
public sealed class DrainTests : EndToEndTest
{
    [Test]
    public async Task During_the_drain_delay_it_is_not_ready_but_takes_calls_and_ends_their_connections()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node, "-drain-delay=1500ms");
        ExpectExit(fnlb);
        RawClient old = await ConnectAsync(fnlb);
        WireResponse before = await old.GetAsync("/r/app/f");

        fnlb.Signal(Signals.Terminate);
        await Eventually.HoldsAsync(
            async () => (await fnlb.Admin.SendAsync(HttpMethod.Get, "/readyz")).Status
                == HttpStatusCode.ServiceUnavailable,
            "it says that it is not ready");
        WireResponse onOld = await old.GetAsync("/r/app/f");
        WireResponse onNew = await (await ConnectAsync(fnlb)).GetAsync("/r/app/f");
        ProcessExit exit = await fnlb.WaitForExitAsync(TimeSpan.FromSeconds(6));

        Assert.That(before.Head.Has("Connection"), Is.False);
        Assert.That((onOld.Status, onOld.Head.Value("Connection")), Is.EqualTo((200, "close")));
        Assert.That((onNew.Status, onNew.Head.Value("Connection")), Is.EqualTo((200, "close")));
        Assert.That(exit.Code, Is.Zero, exit.ToString());
    }

    [Test]
    public async Task A_client_that_was_busy_gets_an_answer_to_its_next_call_instead_of_a_closed_connection()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node);
        ExpectExit(fnlb);
        RawClient client = await ConnectAsync(fnlb);
        await client.GetAsync("/r/app/f");

        fnlb.Signal(Signals.Terminate);
        await Eventually.HoldsAsync(() => fnlb.Error.Contains("[1001]", StringComparison.Ordinal), "it drains");
        WireResponse answer = await client.PostAsync("/r/app/f", "body");

        Assert.That((answer.Status, answer.Head.Value("Connection")), Is.EqualTo((200, "close")));
        Assert.That((await fnlb.WaitForExitAsync(TimeSpan.FromSeconds(5))).Code, Is.Zero);
    }

    [Test]
    public async Task What_was_learned_is_known_after_a_restart()
    {
        string file = Folder.In("state.json");
        ScriptedNode node = StartNode(call => call.AnswerAsync("", "XXX-FXLB-WAIT: 1ms\r\n"));
        FnlbProcess first = await StartFnlbAsync(node, $"-state-file={file}");
        ExpectExit(first);
        await (await ConnectAsync(first)).GetAsync("/r/app/f");
        first.Signal(Signals.Terminate);
        ProcessExit exit = await first.WaitForExitAsync(TimeSpan.FromSeconds(10));

        FnlbProcess second = await StartFnlbAsync(node, $"-state-file={file}");

        Assert.That(exit.Code, Is.Zero, exit.ToString());
        await Eventually.HoldsAsync(
            () => second.Error.Contains("1 functions and 1 nodes are known from before", StringComparison.Ordinal),
            "the second process knows what the first did");
    }

    [TestCase("300ms", false)]
    [TestCase("0", true)]
    public async Task An_answer_that_its_client_has_not_taken_is_counted_when_it_is_cut(string limit, bool isHurried)
    {
        string body = new('x', 3500);
        ScriptedNode node = StartNode(call => call.AnswerAsync(body));
        FnlbProcess fnlb = await StartFnlbAsync(node, $"-shutdown-timeout={limit}");
        ExpectExit(fnlb);
        RawClient client = await ConnectAsync(fnlb);

        // The node is done with each answer at once, so that no call is there when one does not fit any more.
        int calls = 0;
        do
        {
            calls++;
            await client.SendAsync("GET /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        while (await IsTrueSoonAsync(() => node.Calls.Count == calls));
        fnlb.Signal(Signals.Terminate);
        await Eventually.HoldsAsync(() => fnlb.Error.Contains("[1001]", StringComparison.Ordinal), "it drains");
        if (isHurried)
        {
            fnlb.Signal(Signals.Terminate);
        }

        ProcessExit exit = await fnlb.WaitForExitAsync(TimeSpan.FromSeconds(5));

        Assert.That(exit.Error, Does.Contain("1 calls that still ran were cut"));
    }

    [Test]
    public async Task The_state_file_is_there_while_the_process_runs_and_for_its_owner_alone()
    {
        string file = Folder.In("state.json");

        await StartFnlbAsync([], $"-state-file={file}");
        await Eventually.HoldsAsync(() => File.Exists(file), "it is written");
        string mode = await Shell.RunAsync("stat", "--format=%a", file);

        Assert.That(mode, Is.EqualTo("600\n"));
    }

    [Test]
    public async Task What_was_cut_is_counted_in_the_log_and_by_the_next_process()
    {
        string file = $"-state-file={Folder.In("state.json")}";
        ScriptedNode node = StartNode(call => call.Connection.ReadCloseAsync(TimeSpan.FromSeconds(30)));
        FnlbProcess fnlb = await StartFnlbAsync(node, "-shutdown-timeout=500ms", file);
        ExpectExit(fnlb);
        for (int calls = 1; calls <= 3; calls++)
        {
            await (await ConnectAsync(fnlb)).SendAsync("GET /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n");
        }

        await Eventually.HoldsAsync(() => node.Calls.Count == 3, "the calls are at the node");
        fnlb.Signal(Signals.Terminate);
        ProcessExit exit = await fnlb.WaitForExitAsync(TimeSpan.FromSeconds(5));

        FnlbProcess next = await StartFnlbAsync(node, file);
        string metrics = (await next.Admin.SendAsync(HttpMethod.Get, "/metrics")).Body;

        Assert.That(exit.Error, Does.Contain("3 calls that still ran were cut"));
        Assert.That(metrics, Does.Contain("\nfnlb_drain_cut_calls_total 3\n"));
    }

    private static async Task<bool> IsTrueSoonAsync(Func<bool> condition)
    {
        try
        {
            await Eventually.HoldsAsync(condition, "it is soon", TimeSpan.FromSeconds(2));
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
