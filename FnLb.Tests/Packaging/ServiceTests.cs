using System.Globalization;
using System.Text.RegularExpressions;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Packaging;

/// <summary>The installed service under a systemd that runs.</summary>
public sealed partial class ServiceTests : MachineTest
{
    private const double ExposureMax = 2.0;
    private const int Reloads = 4;

    [Test]
    public async Task The_service_is_active_only_once_its_nodes_have_been_checked()
    {
        TaskCompletionSource mayAnswer = new();
        ScriptedNode node = StartNode(async call =>
        {
            await mayAnswer.Task;
            await call.AnswerAsync("""{"version":"0.3.750"}""");
        });
        node.CheckAnswer = null;
        await Machine.RunAsync("systemctl", "stop", "fnlb");
        await File.AppendAllTextAsync(Machine.FullPath("/etc/default/fnlb"), $"FNLB_NODES={node.Address}\n");
        await Machine.RunAsync("systemctl", "start", "--no-block", "fnlb");

        await Eventually.HoldsAsync(() => node.Calls.Count > 0, "the node is checked");
        string meanwhile = await StateAsync();
        mayAnswer.SetResult();
        await WaitForStateAsync("active");

        Assert.That(meanwhile, Is.EqualTo("activating"));
        Assert.That(await PropertyAsync("StatusText"), Does.StartWith("1 of 1 nodes take calls"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_stuck_event_loop_restarts_the_service(bool afterHandOver)
    {
        await ConfigureAsync("WatchdogSec=3");
        int serving = await MainProcessAsync();
        if (afterHandOver)
        {
            await Machine.RunAsync("systemctl", "reload", "fnlb");
            serving = await WaitForAnotherProcessAsync(serving);
        }

        using (StuckThread.LoopOf(Machine.OutsideId(serving)))
        {
            await WaitForAnotherProcessAsync(serving);
        }

        string journal = await Machine.RunAsync("journalctl", "--no-pager", "-u", "fnlb");
        await AddNodeAsync();
        using RawClient client = await RawClient.ConnectAsync(Port);
        WireResponse answer = await client.GetAsync("/r/app/f");

        Assert.That(await PropertyAsync("NRestarts"), Is.EqualTo("1"));
        Assert.That(journal, Does.Contain("Watchdog timeout"));
        Assert.That(answer.Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_killed_process_is_replaced_and_knows_its_nodes()
    {
        ScriptedNode node = await AddNodeAsync();
        int killed = await MainProcessAsync();

        await Machine.RunAsync("systemctl", "kill", "--signal=KILL", "fnlb");
        await WaitForAnotherProcessAsync(killed);

        Assert.That((await Admin.NodesAsync()).Keys, Is.EqualTo(new[] { node.Address }));
    }

    [Test]
    public async Task The_access_log_is_rotated_as_the_package_says_and_a_line_is_in_one_of_the_files()
    {
        const string Log = "/var/log/fnlb/access.log";
        await File.AppendAllTextAsync(Machine.FullPath("/etc/default/fnlb"), $"FNLB_ACCESS_LOG={Log}\n");
        await Machine.RunAsync("systemctl", "restart", "fnlb");
        await AddNodeAsync();
        using RawClient client = await RawClient.ConnectAsync(Port);
        await client.GetAsync("/before");
        await Eventually.HoldsAsync(async () => (await TextAsync(Log)).Contains("/before"), "the line is written");

        await Machine.RunAsync("logrotate", "--force", "/etc/logrotate.d/fnlb");
        await Eventually.HoldsAsync(
            async () =>
            {
                await client.GetAsync("/after");
                return (await TextAsync(Log)).Contains("/after");
            },
            "a new file has lines");

        Assert.That(await TextAsync(Log + ".1"), Does.Contain("/before"));
        Assert.That(await TextAsync(Log), Does.Not.Contain("/before"));
    }

    [Test]
    public async Task Reloads_under_load_put_new_processes_in_place_without_a_failed_call()
    {
        await AddNodeAsync();
        await AddNodeAsync();
        int serving = await MainProcessAsync();
        await using SteadyLoad load = SteadyLoad.Start(Port, clients: 8);
        for (int reload = 0; reload < Reloads; reload++)
        {
            await load.WaitForMoreAsync(500);
            await Machine.RunAsync("systemctl", "reload", "fnlb");
            serving = await WaitForAnotherProcessAsync(serving);
        }

        await load.WaitForMoreAsync(500);
        await load.StopAsync();
        await Eventually.HoldsAsync(
            async () => (await Machine.RunAsync("pgrep", "-x", "fnlb")).Trim() == $"{serving}",
            "the others have ended");

        await TestContext.Out.WriteLineAsync($"{Reloads} reloads: {load}");
        Assert.That(load.Failures, Is.Empty, load.ToString());
        Assert.That(await PropertyAsync("NRestarts"), Is.EqualTo("0"), "what happened were hand-overs");
    }

    [Test]
    public async Task Systemd_finds_the_service_hardened_and_nothing_to_say_about_its_units()
    {
        string[] units = ["fnlb.service", "fnlb.socket", "fnlb-admin.socket"];
        string report = await Machine.RunAsync("systemd-analyze", "security", "--no-pager", "fnlb.service");
        string mistakes = await Machine.RunAsync(["systemd-analyze", "verify", "--man=no", .. units]);
        string exposure = Exposure().Match(report).Groups["level"].Value;

        await TestContext.Out.WriteLineAsync($"exposure {exposure}");
        Assert.That(double.Parse(exposure, CultureInfo.InvariantCulture), Is.AtMost(ExposureMax), report);
        Assert.That(mistakes, Is.Empty);
    }

    [Test]
    public async Task The_process_has_no_capabilities_and_a_user_of_its_own()
    {
        string[] status = (await Machine.RunAsync("cat", $"/proc/{await MainProcessAsync()}/status")).Split('\n');

        Assert.That(status, Has.Some.EqualTo("CapEff:\t0000000000000000"));
        Assert.That(status, Has.Some.EqualTo("CapBnd:\t0000000000000000"));
        Assert.That(status, Has.Some.EqualTo("NoNewPrivs:\t1"));
        Assert.That(status, Has.Some.EqualTo("Seccomp:\t2"));
        Assert.That(status, Has.None.Match(@"^Uid:\t0\b"));
    }

    /// <returns>What is in a file of the machine; nothing while there is none.</returns>
    private async Task<string> TextAsync(string path) => (await Machine.TryAsync("cat", path)).Output;

    /// <summary>Adds lines to the unit's part for the service, and restarts it.</summary>
    private async Task ConfigureAsync(string lines)
    {
        string folder = Machine.FullPath("/etc/systemd/system/fnlb.service.d");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "test.conf"), $"[Service]\n{lines}\n");
        await Machine.RunAsync("systemctl", "daemon-reload");
        await Machine.RunAsync("systemctl", "restart", "fnlb");
    }

    [GeneratedRegex(@"Overall exposure level for fnlb\.service: (?<level>[\d.]+)")]
    private static partial Regex Exposure();
}
