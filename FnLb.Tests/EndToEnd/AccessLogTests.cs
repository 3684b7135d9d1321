using System.Text.Json;
using System.Text.RegularExpressions;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.EndToEnd;

/// <summary>A line for each request, whatever is in it; and the log of the balancer itself.</summary>
public sealed partial class AccessLogTests : EndToEndTest
{
    private const int Hangup = 1;

    private string LogPath => Folder.In("access.log");

    [Test]
    public async Task A_line_tells_who_asked_for_what_and_where_it_went()
    {
        ScriptedNode node = StartNode(call => call.AnswerAsync("12345", "XXX-FXLB-WAIT: 7ms\r\n"));
        FnlbProcess fnlb = await StartFnlbAsync(node, $"-access-log={LogPath}");
        RawClient client = await ConnectAsync(fnlb);
        WireResponse answer = await client.CallAsync(
            "GET /r/app/f?q=1 HTTP/1.1\r\nHost: fn.test\r\nUser-Agent: me/1\r\nReferer: there\r\n"
            + "X-Request-Id: id7\r\n\r\n");

        JsonElement line = (await LinesAsync(1))[0];

        Assert.That(line.GetProperty("time").GetString(), Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"));
        string[] names = ["client", "method", "target", "host", "userAgent", "referer", "requestId", "node", "close"];
        Assert.That(names.Select(name => line.GetProperty(name).GetString()), Is.EqualTo((string[])
            ["127.0.0.1", "GET", "/r/app/f?q=1", "fn.test", "me/1", "there", "id7", node.Address, "complete"]));
        Assert.That(line.GetProperty("placement").GetString(), Is.EqualTo("home"));
        Assert.That(line.GetProperty("status").GetInt32(), Is.EqualTo(answer.Status));
        Assert.That(line.GetProperty("bytes").GetInt32(), Is.GreaterThan(50).And.LessThan(300));
        Assert.That(line.GetProperty("waitMicros").GetInt64(), Is.EqualTo(7000));
        Assert.That(line.GetProperty("retries").GetInt32(), Is.Zero);
        Assert.That(line.GetProperty("durationMicros").GetInt64(),
            Is.GreaterThan(0).And.GreaterThanOrEqualTo(line.GetProperty("addedMicros").GetInt64()));
    }

    [Test]
    public async Task Nothing_in_a_request_ends_a_field_or_a_line()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node, $"-access-log={LogPath}");
        RawClient client = await ConnectAsync(fnlb);
        const string agent = "\",\"status\":1}\\ \t\u0080\u00ff é {}";
        await client.CallAsync($"GET /a%0d%0a{{}}'? HTTP/1.1\r\nHost: a\r\nUser-Agent: {agent}\r\n\r\n");
        await client.GetAsync("/" + new string('x', 5000));

        JsonElement[] lines = await LinesAsync(2);

        Assert.That(lines[0].GetProperty("userAgent").GetString(), Is.EqualTo(agent));
        Assert.That(lines[0].GetProperty("status").GetInt32(), Is.EqualTo(200));
        Assert.That(lines[0].GetProperty("target").GetString(), Is.EqualTo("/a%0d%0a{}'?"));
        Assert.That(lines[1].GetProperty("target").GetString(), Has.Length.EqualTo(1024), "cut, not refused");
    }

    [Test]
    public async Task The_text_is_that_of_web_servers_with_our_fields_after_it()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node, $"-access-log={LogPath}", "-access-log-format=text");
        RawClient client = await ConnectAsync(fnlb);
        await client.CallAsync("GET /r/app/f HTTP/1.1\r\nHost: a\r\nUser-Agent: a \"b\"\r\nX-Request-Id: 7\r\n\r\n");

        string line = (await RawLinesAsync(1))[0];

        Match match = Combined().Match(line);
        Assert.That(match.Success, line);
        Assert.That(match.Groups["agent"].Value, Is.EqualTo(@"a \x22b\x22"));
        string expected = $"host=\"a\" id=\"7\" node={node.Address} placement=home ";
        Assert.That(match.Groups["rest"].Value, Does.StartWith(expected));
        Assert.That(line, Does.EndWith(" retries=0 close=complete"));
    }

    [Test]
    public async Task What_did_not_go_well_has_a_line_as_well()
    {
        ScriptedNode node = StartNode(async call =>
        {
            await call.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            call.Connection.Reset();
        });
        FnlbProcess fnlb = await StartFnlbAsync(node, $"-access-log={LogPath}");
        RawClient refused = await ConnectAsync(fnlb);
        await refused.CallAsync("GET /a b HTTP/1.1\r\n\r\n");
        RawClient cut = await ConnectAsync(fnlb);
        await cut.SendAsync("GET /r/app/f HTTP/1.1\r\nHost: a\r\n\r\n");
        await cut.ReadHeadAsync();

        JsonElement[] lines = await LinesAsync(2);

        string[] ends = [.. lines.Select(line => $"{line.GetProperty("status")} {line.GetProperty("close")}")];
        Assert.That(ends, Is.EquivalentTo((string[])["400 refused", "200 cut_answer"]));
    }

    [Test]
    public async Task The_time_that_a_node_took_to_say_it_is_busy_was_not_added_here()
    {
        ScriptedNode busy = StartNode(async call =>
        {
            await Eventually.StaysTrueAsync(() => true, TimeSpan.FromMilliseconds(400), "it takes its time");
            await call.SendAsync(
                "HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 27\r\n\r\nTimed out - server too busy");
        });
        ScriptedNode well = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync([busy, well], $"-access-log={LogPath}");
        RawClient client = await ConnectAsync(fnlb);
        int calls = 0;
        while (busy.Calls.Count == 0)
        {
            await client.GetAsync($"/r/app/f{calls++}");
        }

        JsonElement line = (await LinesAsync(calls))[^1];

        Assert.That(line.GetProperty("retries").GetInt32(), Is.EqualTo(1));
        Assert.That(line.GetProperty("durationMicros").GetInt64(), Is.GreaterThan(400_000));
        Assert.That(line.GetProperty("addedMicros").GetInt64(), Is.LessThan(200_000));
    }

    [Test]
    public async Task After_a_hangup_signal_lines_go_to_a_new_file()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node, $"-access-log={LogPath}");
        RawClient client = await ConnectAsync(fnlb);
        await client.GetAsync("/before");
        await LinesAsync(1);
        File.Move(LogPath, LogPath + ".1");

        fnlb.Signal(Hangup);
        await Eventually.HoldsAsync(
            async () =>
            {
                await client.GetAsync("/after");
                return File.Exists(LogPath);
            },
            "the file is there again");
        JsonElement line = (await LinesAsync(1))[0];

        Assert.That(line.GetProperty("target").GetString(), Is.EqualTo("/after"));
        Assert.That(await File.ReadAllTextAsync(LogPath + ".1"), Does.Contain("/before"));
    }

    [Test]
    public async Task A_file_that_cannot_be_opened_anew_is_tried_again_and_lines_go_on_to_the_old_one()
    {
        string folder = Folder.In("logs");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, "access.log");
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node, $"-access-log={path}");
        RawClient client = await ConnectAsync(fnlb);
        Directory.Move(folder, folder + ".1");

        fnlb.Signal(Hangup);
        await Eventually.HoldsAsync(
            async () =>
            {
                await client.GetAsync("/meanwhile");
                return fnlb.Error.Contains("cannot be opened anew", StringComparison.Ordinal);
            },
            "it says so");
        Directory.CreateDirectory(folder);
        await Eventually.HoldsAsync(
            async () =>
            {
                await client.GetAsync("/after");
                return File.Exists(path);
            },
            "the file is there without another signal");
        string before = await File.ReadAllTextAsync(Path.Combine(folder + ".1", "access.log"));

        Assert.That(before, Does.Contain("/meanwhile"));
    }

    [Test]
    public async Task What_was_logged_last_is_written_before_the_process_ends()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node, $"-access-log={LogPath}");
        RawClient client = await ConnectAsync(fnlb);
        await client.GetAsync("/last");
        ExpectExit(fnlb);

        fnlb.Signal(Signals.Terminate);
        await fnlb.WaitForExitAsync(TimeSpan.FromSeconds(10));

        Assert.That(await File.ReadAllTextAsync(LogPath), Does.Contain("\"/last\""));
    }

    [Test]
    public async Task A_process_whose_standard_output_nobody_reads_ends_all_the_same()
    {
        string pipe = Folder.In("stdout");
        await Shell.RunAsync("mkfifo", pipe);
        await using FileStream unread = new(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        await unread.WriteAsync(new byte[64 * 1024]);
        ScriptedNode node = StartNode();
        int port = FreePort.Next();
        int adminPort = FreePort.Next();
        FnlbProcess fnlb = Own(FnlbProcess.LaunchBy(
            "sh",
            [
                "-c", $"exec \"$0\" \"$@\" > {pipe}", FnlbExecutable.Path, $"-listen=127.0.0.1:{port}",
                $"-mgmt-listen=127.0.0.1:{adminPort}", $"-nodes={node.Address}", "-access-log=-",
            ],
            port, adminPort, environment: null));
        await fnlb.WaitUntilListeningAsync();
        await fnlb.Admin.WaitForStateAsync(node.Address, "online");
        RawClient client = await ConnectAsync(fnlb);
        await client.GetAsync("/last");

        fnlb.Signal(Signals.Terminate);
        ProcessExit exit = await fnlb.WaitForExitAsync(TimeSpan.FromSeconds(10));

        Assert.That(exit.Code, Is.Zero, exit.ToString());
        Assert.That(exit.Error, Does.Contain("Access log - took no more lines at the end; lost: 1"));
    }

    [Test]
    public async Task ALogPath_that_cannot_be_written_is_said_at_the_start()
    {
        ProcessExit exit = await FnlbProcess.RunAsync(
            ["-listen=127.0.0.1:0", "-mgmt-listen=127.0.0.1:0", "-access-log=/nowhere/at/all"]);

        Assert.That(exit.Code, Is.EqualTo(1), exit.ToString());
        Assert.That(exit.ErrorLines[^1], Does.StartWith("fnlb: -access-log \"/nowhere/at/all\": "));
    }

    [Test]
    public async Task Messages_are_text_or_JSON_or_what_the_journal_reads()
    {
        ScriptedNode node = StartNode();
        FnlbProcess json = await StartFnlbAsync(node, "-log-format=json");
        FnlbProcess journal = await StartFnlbAsync(node, "-log-format=systemd");

        await Eventually.HoldsAsync(() => json.Error.Contains('\n') && journal.Error.Contains('\n'), "both log");

        JsonElement first = JsonDocument.Parse(json.Error.Split('\n')[0]).RootElement;
        Assert.That(first.GetProperty("Message").GetString(), Is.Not.Empty);
        Assert.That(journal.Error, Does.StartWith("<6>FnLb."));
    }

    private async Task<string[]> RawLinesAsync(int count)
    {
        string[] lines = [];
        await Eventually.HoldsAsync(
            async () =>
            {
                if (!File.Exists(LogPath))
                {
                    return false;
                }

                using StreamReader reader = new(
                    new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
                string text = await reader.ReadToEndAsync();
                lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
                return lines.Length >= count && text.EndsWith('\n');
            },
            $"{count} lines are written");
        return lines;
    }

    private async Task<JsonElement[]> LinesAsync(int count) =>
        [.. (await RawLinesAsync(count)).Select(line => JsonDocument.Parse(line).RootElement)];

    [GeneratedRegex(
        """
        ^127\.0\.0\.1\ -\ -\ \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d\ \+0000\]
        \ "GET\ /r/app/f\ HTTP/1\.1"\ 200\ \d+\ "-"\ "(?<agent>[^"]*)"\ (?<rest>.*)$
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Combined();
}
