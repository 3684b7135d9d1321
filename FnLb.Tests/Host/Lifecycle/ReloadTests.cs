using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Host.Lifecycle;

/// <summary>The file of <c>-config</c> and SIGHUP, on the executable.</summary>
public sealed class ReloadTests : EndToEndTest
{
    private string ConfigPath => Folder.In("fnlb.json");

    [Test]
    public async Task A_reload_takes_over_what_can_change_and_names_the_rest()
    {
        ScriptedNode node = StartNode(call => call.Connection.ReadCloseAsync(TimeSpan.FromSeconds(30)));
        Configure("""{ "shutdown-timeout": "1h", "nodes": [], /* few */ "threads": 1, }""");
        FnlbProcess fnlb = await StartFnlbAsync(node, $"-config={ConfigPath}");
        ExpectExit(fnlb);
        Configure("""{ "shutdown-timeout": "500ms", "threads": 2, "nodes": ["ignored:80"] }""");

        fnlb.Signal(Signals.HangUp);
        await LogHasAsync(fnlb, "Reloaded: -shutdown-timeout");
        await LogHasAsync(fnlb, "-threads cannot change while this process runs");
        Configure("{ \"thread\": 2 }");
        fnlb.Signal(Signals.HangUp);
        await LogHasAsync(fnlb, "Not reloaded, nothing changes: ");
        RawClient client = await ConnectAsync(fnlb);
        await client.SendAsync("GET /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n");
        await Eventually.HoldsAsync(() => node.Calls.Count == 1, "the call is at the node");
        fnlb.Signal(Signals.Terminate);

        Assert.That((await fnlb.WaitForExitAsync(TimeSpan.FromSeconds(5))).Code, Is.Zero, "cut after half a second");
        Assert.That(fnlb.Error, Does.Contain($"{ConfigPath}: \"thread\": unknown flag"));
    }

    [Test]
    public async Task What_even_a_hand_over_keeps_is_named_by_the_reload_and_by_the_new_process()
    {
        ScriptedNode node = StartNode();
        (int port, int adminPort, int other) = (FreePort.Next(), FreePort.Next(), FreePort.Next());
        Configure(Addresses(port, adminPort, node.Address));
        FnlbProcess fnlb = Own(FnlbProcess.Launch(port, adminPort, [$"-config={ConfigPath}"]));
        await fnlb.WaitUntilListeningAsync();
        await fnlb.Admin.WaitForStateAsync(node.Address, "online");
        Configure(Addresses(other, other, "other:80"));

        fnlb.Signal(Signals.HangUp);
        await LogHasAsync(fnlb, "-nodes, -listen, -mgmt-listen cannot change by a hand-over either");
        Succession succession = Own(new Succession(fnlb));
        await succession.HandOverAsync();
        await LogHasAsync(fnlb, $"-listen \"127.0.0.1:{other}\" has no effect");
        await LogHasAsync(fnlb, $"-mgmt-listen \"127.0.0.1:{other}\" has no effect");
        await LogHasAsync(fnlb, "-nodes names other:80, not in the list");
        Signals.Send(succession.Serving, Signals.HangUp);
        await Eventually.HoldsAsync(
            () => fnlb.Error.Split("-listen, -mgmt-listen cannot change by a hand-over").Length == 3,
            "it is told again");
        using AdminClient admin = new(adminPort);
        await admin.WaitForStateAsync(node.Address, "online");

        Assert.That((await (await ConnectAsync(fnlb)).GetAsync("/r/app/f")).Status, Is.EqualTo(200));
        Assert.That(fnlb.Error, Does.Not.Contain("-listen cannot change while this process runs"));
    }

    [Test]
    public async Task After_a_hand_over_without_a_change_nothing_is_said_to_have_no_effect()
    {
        FnlbProcess fnlb = await StartFnlbAsync([StartNode()]);
        ExpectExit(fnlb);

        await Own(new Succession(fnlb)).HandOverAsync();

        Assert.That(fnlb.Error, Does.Not.Contain("has no effect").And.Not.Contain("-nodes names"));
    }

    [Test]
    public async Task A_reload_reads_the_tokens_even_when_their_file_looks_unchanged()
    {
        string tokens = Folder.In("tokens");
        await File.WriteAllTextAsync(tokens, "write 0123456789abcdef-old\n");
        DateTime written = File.GetLastWriteTimeUtc(tokens);
        int port = FreePort.Next();
        int adminPort = FreePort.Next();
        FnlbProcess fnlb = Own(FnlbProcess.Launch(port, adminPort, [
            $"-listen=127.0.0.1:{port}", $"-mgmt-listen=127.0.0.1:{adminPort}", $"-admin-token-file={tokens}"]));
        await LogHasAsync(fnlb, "[1000]");
        await File.WriteAllTextAsync(tokens, "write 0123456789abcdef-new\n");
        File.SetLastWriteTimeUtc(tokens, written);

        fnlb.Signal(Signals.HangUp);
        await LogHasAsync(fnlb, "Reloaded");
        using RawClient client = await RawClient.ConnectAsync(adminPort);
        WireResponse answer = await client.CallAsync(
            "GET /1/lb/nodes HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer 0123456789abcdef-new\r\n\r\n");

        Assert.That(answer.Status, Is.EqualTo(200));
    }

    [TestCase("{", "-config")]
    [TestCase("[]", "must be one JSON object")]
    [TestCase("""{"threads":{}}""", "the value of \"threads\" must be text")]
    [TestCase("""{"threads":0}""", "fnlb.json: threads \"0\": must be a number: 1 to 1024")]
    public async Task A_file_that_cannot_be_meant_ends_the_start(string text, string error)
    {
        Configure(text);
        ProcessExit exit = await FnlbProcess.RunAsync([$"-config={ConfigPath}"]);
        Assert.That(exit.Code, Is.EqualTo(2));
        Assert.That(exit.Error, Does.Contain(error));
    }

    [Test]
    public async Task The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        Configure("""{"threads":0,"hc-healthy":0,"hc-unhealthy":0}""");
        ProcessExit exit = await FnlbProcess.RunAsync(
            ["check", $"-config={ConfigPath}", "-threads=1"],
            new Dictionary<string, string> { ["FNLB_HC_HEALTHY"] = "1" });

        Assert.That(exit.ErrorLines, Has.Length.EqualTo(1));
        Assert.That(exit.ErrorLines[0], Does.Contain("hc-unhealthy"));
    }

    private static Task LogHasAsync(FnlbProcess fnlb, string text) =>
        Eventually.HoldsAsync(() => fnlb.Error.Contains(text, StringComparison.Ordinal), $"the log has {text}");

    private static string Addresses(int port, int adminPort, string node) => $$"""
        { "listen": "127.0.0.1:{{port}}", "mgmt-listen": "127.0.0.1:{{adminPort}}", "nodes": ["{{node}}"] }
        """;

    private void Configure(string text) => File.WriteAllText(ConfigPath, text);
}
