using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Host.Operator;

/// <summary>The commands beside the balancer itself, on the executable.</summary>
public sealed class OperatorCommandTests : EndToEndTest
{
    [Test]
    public async Task Nodes_are_listed_added_drained_and_removed_and_the_health_is_told()
    {
        string tokens = Folder.In("tokens");
        await File.WriteAllTextAsync(tokens, "read reader-0123456789\nwrite writer-0123456789\n");
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync([], $"-admin-token-file={tokens}");
        string[] reach = [$"-mgmt-listen=127.0.0.1:{fnlb.AdminPort}", "-token-file", tokens];

        ProcessExit ready = await RunAsync(["health", .. reach]);
        ProcessExit added = await RunAsync(["nodes", "add", node.Address, .. reach]);
        ProcessExit refused = await RunAsync(["nodes", "add", "a b:80", .. reach]);
        ProcessExit drained = await RunAsync(["nodes", "drain", node.Address, .. reach]);
        ProcessExit listed = await RunAsync(["nodes", .. reach]);
        ProcessExit removed = await RunAsync(["nodes", "remove", node.Address, "-drain=1s", .. reach]);
        ProcessExit unlisted = await RunAsync(["nodes", "list", .. reach]);

        Assert.That(ready.Code, Is.Zero, ready.ToString());
        Assert.That(ready.Output, Does.StartWith("{\"msg\":\"ready\","));
        Assert.That((added.Code, added.Output), Is.EqualTo((0, $"{node.Address}: node added\n")), added.ToString());
        Assert.That(refused.Code, Is.EqualTo(1), refused.ToString());
        Assert.That(refused.Error, Does.Match("^fnlb: a b:80: the node .* has a host that .*\n$"));
        Assert.That((drained.Code, drained.Output), Is.EqualTo((0, $"{node.Address}: node changed\n")));
        Assert.That(listed.Output, Does.StartWith(node.Address).And.Contain(" draining "));
        Assert.That((removed.Code, removed.Output), Is.EqualTo((0, $"{node.Address}: node deleted\n")));
        Assert.That((unlisted.Code, unlisted.Output), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task Top_shows_one_frame_in_a_pipe_and_a_live_view_in_a_terminal()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node);
        await (await ConnectAsync(fnlb)).GetAsync("/r/app/f");
        string reach = $"-mgmt-listen=127.0.0.1:{fnlb.AdminPort}";

        ProcessExit once = await RunAsync(["top", "-once", reach]);
        Terminal terminal = Own(new Terminal($"{FnlbExecutable.Path} top {reach}"));
        await terminal.WaitForAsync("sort: calls");
        await terminal.TypeAsync('s');
        await terminal.WaitForAsync("sort: time");
        await terminal.TypeAsync('q');
        int code = await terminal.WaitForExitAsync();

        Assert.That((once.Code, once.Error), Is.EqualTo((0, "")), once.ToString());
        Assert.That(once.Output, Does.StartWith("fnlb ").And.Contain(node.Address).And.Contain("/r/app/f"));
        Assert.That(once.Output, Does.Not.Contain('\e'));
        Assert.That(code, Is.Zero, terminal.Output);
        Assert.That(terminal.Output, Does.Contain(node.Address));
        Assert.That(terminal.Output, Does.Contain("\e[?1049h").And.EndsWith("\e[?1049l"), "the screen is given back");
    }

    [TestCase("health", ExpectedResult = 1)]
    [TestCase("top,-once", ExpectedResult = 1)]
    [TestCase("top,up", ExpectedResult = 2)]
    [TestCase("nodes", ExpectedResult = 1)]
    [TestCase("nodes,explode", ExpectedResult = 2)]
    [TestCase("nodes,add", ExpectedResult = 2)]
    [TestCase("nodes,-colour=red", ExpectedResult = 2)]
    public async Task<int> What_cannot_be_done_ends_with_a_line_and_a_code(string command)
    {
        ProcessExit exit = await RunAsync([.. command.Split(','), $"-mgmt-listen=127.0.0.1:{FreePort.Next()}"]);
        Assert.That(exit.Error, Does.StartWith("fnlb: ").And.EndsWith("\n"));
        return exit.Code;
    }

    [Test]
    public async Task A_check_tells_what_is_wrong_without_a_start()
    {
        ProcessExit good = await RunAsync(["check", "-listen=192.0.2.1:1"]);
        ProcessExit wrong = await RunAsync(["check", "-threads=0", "-hc-path=x"]);
        ProcessExit noStore = await RunAsync(["check", "-db=sqlite3:///dev/null/n"]);
        ProcessExit noTokens = await RunAsync(["check", "-admin-token-file=/nowhere"]);

        Assert.That(good.Output, Is.EqualTo("The options are valid. sqlite3://:memory: can be read: 0 nodes.\n"));
        Assert.That((good.Code, wrong.Code, noStore.Code, noTokens.Code), Is.EqualTo((0, 2, 1, 1)));
        Assert.That(wrong.Error, Does.Contain("-threads").And.Contain("-hc-path"));
        Assert.That(noStore.Error, Does.StartWith("fnlb: -db: "));
        Assert.That(noTokens.Error, Does.StartWith("fnlb: -admin-token-file \"/nowhere\": "));
    }

    [Test]
    public async Task A_check_makes_and_changes_nothing_and_looks_at_every_file()
    {
        string empty = Folder.In("empty.pem");
        await File.WriteAllTextAsync(empty, "");
        ProcessExit fresh = await RunAsync(["check", $"-db=sqlite3://{Folder.Path}/new/nodes.db"]);
        ProcessExit bad = await RunAsync([
            "check", "-state-file=/nowhere/state", $"-access-log={Folder.Path}", "-admin-token-file", empty]);
        string[] left = Directory.GetFileSystemEntries(Folder.Path);
        string file = Folder.In("old.db");
        const string OneNode = "CREATE TABLE lb_nodes (address text); INSERT INTO lb_nodes VALUES ('a:1')";
        await Shell.RunAsync("sqlite3", file, OneNode);
        byte[] before = await File.ReadAllBytesAsync(file);
        ProcessExit old = await RunAsync(["check", $"-db=sqlite3://{file}"]);
        byte[] after = await File.ReadAllBytesAsync(file);

        Assert.That(fresh.Output, Does.EndWith("/new/nodes.db is not there yet, and is made by the start.\n"));
        Assert.That(left, Is.EqualTo(new[] { empty }));
        Assert.That((bad.Code, bad.Output), Is.EqualTo((1, "")));
        Assert.That(
            bad.Error, Does.Contain("-state-file \"/nowhere/state\": ").And.Contain("-access-log ")
                .And.Contain("-admin-token-file "));
        Assert.That(old.Output, Does.EndWith("old.db can be read: 1 nodes.\n"), old.ToString());
        Assert.That(after, Is.EqualTo(before));
    }

    private static Task<ProcessExit> RunAsync(string[] arguments) => FnlbProcess.RunAsync(arguments);
}
