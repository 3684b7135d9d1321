using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Packaging;

/// <summary>The package over its life on a machine.</summary>
public sealed class PackageTests : MachineTest
{
    private const string Options = "/etc/default/fnlb";

    [Test]
    public async Task An_upgrade_under_load_hands_over_without_a_failed_call_and_keeps_the_options()
    {
        await AddNodeAsync();
        const string Remark = "# changed by the operator\n";
        await File.AppendAllTextAsync(Machine.FullPath(Options), Remark);
        string newer = await DebianPackage.NewerAsync(Folder.Path);
        int before = await MainProcessAsync();
        await using SteadyLoad load = SteadyLoad.Start(Port, clients: 8);
        await load.WaitForMoreAsync(500);

        await InstallAsync(newer);
        int after = await WaitForAnotherProcessAsync(before);
        await load.WaitForMoreAsync(500);
        await load.StopAsync();
        string version = await Machine.RunAsync("dpkg-query", "--show", "--showformat=${Version}", "fnlb");
        string program = await Machine.RunAsync("readlink", $"/proc/{after}/exe");

        await TestContext.Out.WriteLineAsync($"1 upgrade: {load}");
        Assert.That(load.Failures, Is.Empty, load.ToString());
        Assert.That(version.Trim(), Is.EqualTo(await DebianPackage.VersionAsync() + ".1"));
        Assert.That(program.Trim(), Is.EqualTo("/usr/bin/fnlb"), "the new file, not one that was deleted");
        Assert.That(await PropertyAsync("NRestarts"), Is.EqualTo("0"));
        Assert.That(await File.ReadAllTextAsync(Machine.FullPath(Options)), Does.EndWith(Remark));
    }

    [Test]
    public async Task A_removed_package_can_be_installed_again_and_knows_its_nodes()
    {
        ScriptedNode node = await AddNodeAsync();

        await Machine.RunAsync("dpkg", "--remove", "fnlb");
        string running = (await Machine.TryAsync("pgrep", "-x", "fnlb")).Output;
        bool hasOptions = File.Exists(Machine.FullPath(Options));
        await InstallAsync(DebianPackage.File);
        await WaitForStateAsync("active");

        Assert.That(running, Is.Empty, "it was stopped");
        Assert.That(hasOptions, Is.True);
        Assert.That((await Admin.NodesAsync()).Keys, Is.EqualTo(new[] { node.Address }));
    }

    [Test]
    public async Task A_purge_leaves_nothing()
    {
        await AddNodeAsync();
        await Machine.RunAsync("systemctl", "enable", "fnlb.socket");
        await Machine.RunAsync("rm", "/var/tmp/fnlb.deb");

        await Machine.RunAsync("dpkg", "--purge", "fnlb");
        string left = await Machine.RunAsync(
            "find", "/etc", "/lib", "/usr", "/var", "/run", "-xdev", "-iname", "*fnlb*");
        string units = await Machine.RunAsync("systemctl", "list-units", "--all", "--no-legend", "fnlb*");

        Assert.That((left, units.Trim()), Is.EqualTo(("", "")));
    }

    [Test]
    public async Task A_service_that_the_operator_disabled_is_not_started_by_an_upgrade()
    {
        await Machine.RunAsync("systemctl", "disable", "--now", "fnlb.service");

        await InstallAsync(await DebianPackage.NewerAsync(Folder.Path));

        Assert.That(await StateAsync(), Is.EqualTo("inactive"));
        Assert.That(await PropertyAsync("UnitFileState"), Is.EqualTo("disabled"));
    }

    [Test]
    public async Task What_was_installed_is_what_was_packed()
    {
        string changed = await Machine.RunAsync("dpkg", "--verify", "fnlb");
        string files = await Machine.RunAsync("dpkg", "--listfiles", "fnlb");

        Assert.That(changed, Is.Empty);
        Assert.That(files.Split('\n'), Is.SupersetOf(new[]
        {
            "/usr/bin/fnlb", "/usr/share/man/man8/fnlb.8.gz", "/usr/share/bash-completion/completions/fnlb", Options,
        }));
    }
}
