using System.Globalization;
using FnLb.Tests.Harness;
using NUnit.Framework;
using NUnit.Framework.Interfaces;

namespace FnLb.Tests.Packaging;

/// <summary>
/// Base of tests on a machine with the package installed; the service listens where it does by default, since machine
/// and tests share a network of their own.
/// </summary>
public abstract class MachineTest : EndToEndTest
{
    protected const int Port = 8081;
    protected const int AdminPort = 8082;
    private const string Variable = "FNLB_MACHINE";
    private static readonly TimeSpan RestartLimit = TimeSpan.FromSeconds(30);

    private Machine? _machine;

    private protected Machine Machine => _machine!;

    private protected AdminClient Admin { get; private set; } = null!;

    [SetUp]
    public async Task Boot_a_machine_and_install_the_package()
    {
        string? root = Environment.GetEnvironmentVariable(Variable);
        if (root is null)
        {
            Assert.Ignore("needs root, a machine to boot and a network of its own: ./build.sh test-systemd");
        }

        _machine = Own(await Machine.BootAsync(root));
        Admin = Own(new AdminClient(AdminPort));
        await InstallAsync(DebianPackage.File);
    }

    [TearDown]
    public async Task Show_what_the_service_said()
    {
        if (_machine is not null && TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
        {
            CommandResult journal = await Machine.TryAsync("journalctl", "--no-pager", "-u", "fnlb");
            await TestContext.Out.WriteLineAsync(journal.Output);
        }
    }

    private protected async Task InstallAsync(string package)
    {
        const string Inside = "/var/tmp/fnlb.deb";
        File.Copy(package, Machine.FullPath(Inside), overwrite: true);
        await Machine.RunAsync("dpkg", "--install", Inside);
    }

    /// <summary>A node in the service's list, online.</summary>
    private protected async Task<ScriptedNode> AddNodeAsync()
    {
        ScriptedNode node = StartNode(SteadyLoad.EchoAsync);
        await Admin.AddAsync(node.Address);
        await Admin.WaitForStateAsync(node.Address, "online");
        return node;
    }

    /// <summary>Such as <c>active</c> or <c>activating</c>.</summary>
    private protected async Task<string> StateAsync() => await PropertyAsync("ActiveState");

    private protected async Task<string> PropertyAsync(string name) =>
        (await Machine.RunAsync("systemctl", "show", "--value", $"--property={name}", "fnlb.service")).Trim();

    /// <summary>The process that is the service, by its id in the machine; 0 for none.</summary>
    private protected async Task<int> MainProcessAsync() =>
        int.Parse(await PropertyAsync("MainPID"), CultureInfo.InvariantCulture);

    /// <returns>The process that is the service then.</returns>
    private protected async Task<int> WaitForAnotherProcessAsync(int before)
    {
        int now = 0;
        await Eventually.HoldsAsync(
            async () => (now = await MainProcessAsync()) != before && now != 0 && await StateAsync() == "active",
            "another process is the service",
            RestartLimit);
        return now;
    }

    private protected Task WaitForStateAsync(string state) => Eventually.HoldsAsync(
        async () => await StateAsync() == state, $"the service is {state}", RestartLimit);
}
