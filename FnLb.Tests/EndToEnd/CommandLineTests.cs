using System.Net;
using System.Net.Sockets;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>Flags, environment and exit codes of the executable.</summary>
public sealed class CommandLineTests : EndToEndTest
{
    private static readonly string[] FlagsOfTheOriginal =
    [
        "nodes", "listen", "mgmt-listen", "db", "shutdown-timeout", "hc-interval", "hc-path", "hc-unhealthy",
        "hc-healthy", "hc-timeout", "min-api-version", "zipkin", "namespace", "label-selector", "target-port",
    ];

    [Test]
    public async Task All_four_forms_of_a_flag_mean_the_same()
    {
        ScriptedNode node = StartNode();
        int port = FreePort.Next();
        int adminPort = FreePort.Next();

        string[] flags =
        [
            "-listen", $"127.0.0.1:{port}", "--mgmt-listen", $"127.0.0.1:{adminPort}",
            $"-nodes={node.Address}", "--hc-interval=60",
        ];

        FnlbProcess fnlb = Own(FnlbProcess.Launch(port, adminPort, flags));

        await fnlb.WaitUntilListeningAsync();
        await fnlb.Admin.WaitForStateAsync(node.Address, "online");
    }

    [Test]
    public async Task Help_names_every_flag_of_the_original_and_ends_with_0(
        [Values("-h", "--help", "-help")] string flag)
    {
        ProcessExit exit = await FnlbProcess.RunAsync([flag]);

        Assert.That(exit.Code, Is.Zero, exit.ToString());
        Assert.That(
            FlagsOfTheOriginal.Where(name => !exit.Output.Contains($"-{name}", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Every_flag_of_the_original_is_accepted()
    {
        ScriptedNode node = StartNode();

        FnlbProcess fnlb = await StartFnlbAsync(
            node,
            "-db=sqlite3://:memory:", "-shutdown-timeout=5", "-hc-interval=3", "-hc-path=/version", "-hc-unhealthy=2",
            "-hc-healthy=1", "-hc-timeout=5", "-min-api-version=0.0.235", "-zipkin=http://127.0.0.1:9411/api/v1/spans",
            "-namespace=fn", "-label-selector=app=fn", "-target-port=8080");

        Assert.That((await (await ConnectAsync(fnlb)).GetAsync("/r/app/f")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Version_is_one_line_and_ends_with_0()
    {
        ProcessExit exit = await FnlbProcess.RunAsync(["version"]);

        Assert.That(exit.Code, Is.Zero, exit.ToString());
        Assert.That(exit.Output.Trim(), Does.Match("^\\S.*\\d+\\.\\d+\\.\\d+\\S*$"));
    }

    [TestCase("--no-such-flag=1", "no-such-flag", "")]
    [TestCase("-hc-interval=soon", "hc-interval", "soon")]
    [TestCase("-hc-unhealthy=0", "hc-unhealthy", "0")]
    [TestCase("-listen=:70000", "listen", "70000")]
    [TestCase("-nodes=10.0.0.1", "nodes", "10.0.0.1")]
    [TestCase("-min-api-version=new", "min-api-version", "new")]
    [TestCase("--threads=0", "threads", "0")]
    [TestCase("--connect-timeout=-1s", "connect-timeout", "-1s")]
    public async Task A_wrong_option_is_one_line_that_names_flag_and_value_and_ends_with_2(
        string flag, string name, string value)
    {
        ProcessExit exit = await FnlbProcess.RunAsync([flag]);

        Assert.That(exit.Code, Is.EqualTo(2), exit.ToString());
        string[] lines = LinesWith(exit, name);
        Assert.That(lines, Has.Length.EqualTo(1), exit.Error);
        Assert.That(lines[0], Does.Contain(value));
    }

    [Test]
    public async Task All_wrong_options_are_told_at_once()
    {
        ProcessExit exit = await FnlbProcess.RunAsync(
            ["-hc-interval=soon", "-listen=:70000", "--threads=none"],
            new Dictionary<string, string> { ["FNLB_HC_TIMEOUT"] = "late", ["LOG_LEVEL"] = "loud" });

        Assert.That(exit.Code, Is.EqualTo(2), exit.ToString());
        string[] wrong = ["soon", "70000", "none", "late", "loud"];
        Assert.That(wrong.Where(value => LinesWith(exit, value).Length != 1), Is.Empty, exit.Error);
    }

    [Test]
    public async Task The_environment_sets_options_and_the_command_line_wins()
    {
        int port = FreePort.Next();
        int adminPort = FreePort.Next();

        Dictionary<string, string> environment = new()
        {
            ["FNLB_LISTEN"] = "127.0.0.1:1",
            ["FNLB_MGMT_LISTEN"] = $"127.0.0.1:{adminPort}",
            ["LOG_LEVEL"] = "debug",
        };

        FnlbProcess fnlb = Own(FnlbProcess.Launch(port, adminPort, ["-listen", $"127.0.0.1:{port}"], environment));

        await fnlb.WaitUntilListeningAsync();
    }

    [TestCase("listen")]
    [TestCase("mgmt-listen")]
    public async Task An_address_in_use_is_one_line_that_names_it_and_ends_with_1(string flag)
    {
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        int port = FreePort.Next();
        taken.Bind(new IPEndPoint(IPAddress.Loopback, port));
        taken.Listen();
        string other = flag == "listen" ? "mgmt-listen" : "listen";

        ProcessExit exit = await FnlbProcess.RunAsync(
            [$"-{flag}=127.0.0.1:{port}", $"-{other}=127.0.0.1:{FreePort.Next()}"]);

        Assert.That(exit.Code, Is.EqualTo(1), exit.ToString());
        string[] lines = LinesWith(exit, $"127.0.0.1:{port}");
        Assert.That(lines, Has.Length.EqualTo(1), exit.Error);
        Assert.That(lines[0], Does.Contain(flag));
    }

    [Test]
    public async Task Threads_sets_the_number_of_event_loops()
    {
        FnlbProcess fnlb = await StartFnlbAsync([], "--threads=5");

        await Eventually.HoldsAsync(() => fnlb.LoopThreads >= 5, "the loops run");
        Assert.That(fnlb.LoopThreads, Is.EqualTo(5));
    }

    private static string[] LinesWith(ProcessExit exit, string text) =>
        [.. exit.ErrorLines.Where(line => line.Contains(text, StringComparison.Ordinal))];
}
