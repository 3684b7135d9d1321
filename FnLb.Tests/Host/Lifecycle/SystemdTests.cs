using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Host.Lifecycle;

/// <summary>The executable as a service: the protocols of sd_notify(3) and sd_listen_fds(3), without systemd.</summary>
public sealed class SystemdTests : EndToEndTest
{
    private const string Get = "GET /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n";

    [Test]
    public async Task Systemd_is_told_when_it_is_ready_what_it_does_and_that_it_stops()
    {
        ScriptedNode node = StartNode();
        ServiceWatcher watcher = Own(new ServiceWatcher());
        FnlbProcess fnlb = Launch(watcher, new() { ["WATCHDOG_USEC"] = "3000000" }, $"-nodes={node.Address}");

        await watcher.WaitForAsync("READY=1");
        IReadOnlyDictionary<string, string> states = await fnlb.Admin.NodesAsync();
        await watcher.WaitForAsync("WATCHDOG=1");
        await watcher.WaitForAsync("STATUS=1 of 1 nodes take calls, 0 clients, 0 calls/s");
        fnlb.Signal(Signals.Terminate);
        await watcher.WaitForAsync("STOPPING=1");

        Assert.That(states[node.Address], Is.EqualTo("online"), "ready comes after the first checks");
        Assert.That((await fnlb.WaitForExitAsync(TimeSpan.FromSeconds(5))).Code, Is.Zero);
    }

    [Test]
    public async Task The_watchdog_is_not_fed_while_one_event_loop_is_stuck_and_then_again()
    {
        ServiceWatcher watcher = Own(new ServiceWatcher());
        FnlbProcess fnlb = Launch(watcher, new() { ["WATCHDOG_USEC"] = "400000" }, "-threads=2");
        await watcher.WaitForAsync("WATCHDOG=1");

        int fedBefore;
        int fedWhileStuck;
        using (StuckThread.LoopOf(fnlb.Id))
        {
            // What was asked of the loop before it got stuck may still be answered.
            fedBefore = watcher.CountOf("WATCHDOG=1");
            await Eventually.StaysTrueAsync(() => !fnlb.HasExited, TimeSpan.FromSeconds(2), "the process runs");
            fedWhileStuck = watcher.CountOf("WATCHDOG=1");
        }

        await Eventually.HoldsAsync(() => watcher.CountOf("WATCHDOG=1") > fedWhileStuck, "it is fed again");

        Assert.That(fedWhileStuck, Is.AtMost(fedBefore + 1), "ten times it would have been");
    }

    [Test]
    public async Task The_watchdog_of_another_process_is_not_fed()
    {
        ServiceWatcher watcher = Own(new ServiceWatcher());
        FnlbProcess fnlb = Launch(watcher, new() { ["WATCHDOG_USEC"] = "200000", ["WATCHDOG_PID"] = "1" });

        await watcher.WaitForAsync("STATUS=0 of 0 nodes take calls, 0 clients, 0 calls/s");

        Assert.That(watcher.Has("WATCHDOG=1"), Is.False);
        Assert.That(fnlb.HasExited, Is.False);
    }

    [TestCase(false, "")]
    [TestCase(false, "fnlb.socket:fnlb.socket")]
    [TestCase(false, "traffic:admin")]
    [TestCase(true, "admin:traffic")]
    [TestCase(true, "admin:fnlb.socket")]
    public async Task Sockets_that_were_passed_take_the_place_of_the_addresses(bool adminFirst, string names)
    {
        ScriptedNode node = StartNode();
        ActivatedFnlb sockets = Own(new ActivatedFnlb());
        using RawClient early = await RawClient.ConnectAsync(sockets.Port);
        await early.SendAsync(Get);
        FnlbProcess fnlb = Own(sockets.Launch(adminFirst, names, [$"-nodes={node.Address}", "-listen=192.0.2.1:1"]));

        // The node list comes from the socket for the node API, the answer from that for calls.
        await fnlb.Admin.WaitForStateAsync(node.Address, "online");
        WireResponse first = await early.ReadAnswerAsync();
        using RawClient client = await RawClient.ConnectAsync(sockets.Port);
        WireResponse answer = await client.GetAsync("/r/app/f");

        Assert.That(first.Status, Is.EqualTo(200).Or.EqualTo(503), "answered, if before the node was known");
        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, node.Address)));
    }

    [Test]
    public async Task No_connection_is_refused_or_lost_while_the_service_restarts_on_its_sockets()
    {
        ScriptedNode node = StartNode(SteadyLoad.EchoAsync);
        ActivatedFnlb sockets = Own(new ActivatedFnlb());
        string[] flags = [$"-nodes={node.Address}", "-hc-interval=3600"];
        FnlbProcess fnlb = Own(sockets.Launch(false, "", flags));
        await fnlb.Admin.WaitForStateAsync(node.Address, "online");
        await using SteadyLoad load = SteadyLoad.Start(sockets.Port, clients: 8);
        for (int restart = 0; restart < 3; restart++)
        {
            await load.WaitForMoreAsync(200);
            fnlb.Signal(Signals.Terminate);
            ProcessExit exit = await fnlb.WaitForExitAsync(TimeSpan.FromSeconds(10));
            Assert.That(exit.Code, Is.Zero, exit.ToString());
            fnlb = Own(sockets.Launch(false, "", flags));
        }

        await load.WaitForMoreAsync(200);
        await load.StopAsync();

        await TestContext.Out.WriteLineAsync(load.ToString());
        Assert.That(load.Failures, Is.Empty, load.ToString());
    }

    [Test]
    public async Task A_descriptor_that_is_no_listening_socket_is_refused()
    {
        FnlbProcess fnlb = Own(FnlbProcess.LaunchBy(
            "/bin/bash",
            ["-c", "exec 3</dev/null; export LISTEN_PID=$$ LISTEN_FDS=1; exec \"$0\"", FnlbExecutable.Path],
            0, 0, environment: null));

        ProcessExit exit = await fnlb.WaitForExitAsync(TimeSpan.FromSeconds(5));

        Assert.That(exit.Code, Is.EqualTo(1));
        Assert.That(exit.Error, Does.StartWith("fnlb: LISTEN_FDS: descriptor 3 is not a socket"));
    }

    private FnlbProcess Launch(ServiceWatcher watcher, Dictionary<string, string> environment, params string[] flags)
    {
        int port = FreePort.Next();
        int adminPort = FreePort.Next();
        environment["NOTIFY_SOCKET"] = watcher.Address;
        string[] all = [$"-listen=127.0.0.1:{port}", $"-mgmt-listen=127.0.0.1:{adminPort}", .. flags];
        return Own(FnlbProcess.Launch(port, adminPort, all, environment));
    }
}
