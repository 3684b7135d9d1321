using System.Text;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>Field lines: RFC 9112 section 5 and RFC 9110 section 5.</summary>
public sealed class FieldSyntaxTests : ConformanceTest
{
    [TestCase("GET / HTTP/1.1\nHost: a\n\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nX: y\nZ: w\r\n\r\n")]
    public async Task A17_B2_A_line_that_ends_in_LF_alone_is_refused(string request) =>
        await RefusedUnlikeAsync(request.ReplaceLineEndings("\r\n"), request);

    [TestCase("X: va\rlue", "X: va lue")]
    [TestCase("a:/\rSmuggled: x", "a:/ Smuggled: x")]
    [TestCase("X: value\r\rY: z", "X: value\r\nY: z")]
    [TestCase("X: \r", "X: ")]
    [TestCase("X\r: y", "X: y")]
    public Task A18_B3_B4_A_bare_CR_is_refused(string line, string twin) => RefusedLine(line, twin);

    [TestCase("Test: a\0b", "Test: ab")]
    [TestCase("Evil: x\0", "Evil: x")]
    [TestCase("c\0: x", "c: x")]
    [TestCase("\0c: x", "c: x")]
    [TestCase("c\0", "c: ")]
    public Task A19_B47_A_NUL_is_refused(string line, string twin) => RefusedLine(line, twin);

    [Test]
    public async Task A20_B48_Another_control_character_is_refused()
    {
        IEnumerable<int> controls = Enumerable.Range(1, 0x1f).Where(value => value is not ('\t' or '\n' or '\r'));
        foreach (int value in controls.Append(0x7f))
        {
            await RefusedLine($"X: a{(char)value}b", "X: a\tb");
        }
    }

    [Test]
    public async Task A21_B1_B46_Bytes_beyond_ASCII_reach_the_node_and_the_client_as_they_are()
    {
        // Every byte from 80 to FF, and broken UTF-8 at either end, where 85 and A0 would be taken for whitespace.
        string value = "\u0085" + new string([.. Enumerable.Range(0x80, 0x80).Select(b => (char)b)]) + "\u00c3\u00a0";
        Node.Script = call => call.AnswerAsync("", $"User: {value}\r\n");
        RawClient client = await ConnectAsync();

        WireResponse answer = await client.CallAsync($"{Get}User: {value}\r\n\r\n");

        Assert.That(Calls.Last().Head.Value("User"), Is.EqualTo(value));
        Assert.That(answer.Head.Value("User"), Is.EqualTo(value));
    }

    [Test]
    public async Task A22_A_name_with_a_byte_that_is_no_tchar_is_refused()
    {
        const string Separators = "\"(),/;<=>?@[]{}\\ ";
        IEnumerable<char> controls = Enumerable.Range(0, 0x20).Append(0x7f).Select(value => (char)value);
        foreach (char value in controls.Concat(Separators).Concat("\u0080\u0085\u00a0\u00ff"))
        {
            await RefusedLine($"X{value}Y: z", "XY: z");
        }

        await RefusedLine("Content-Length\u0085: 5", "Content-Length!: 5");
    }

    [TestCase("Content-Length : 0", "Content-Length: 0")]
    [TestCase("X : y", "X: y")]
    [TestCase("X\t: y", "X: y")]
    [TestCase("Transfer-Encoding : chunked", "Transfer-Encodings: chunked")]
    public Task A23_B34_Whitespace_before_the_colon_is_refused(string line, string twin) => RefusedLine(line, twin);

    [TestCase("\tContent-Length: 1")]
    [TestCase(" Content-Length: 5")]
    [TestCase(" X: y")]
    public async Task A24_B6_Whitespace_before_the_first_field_is_refused(string line) => await RefusedUnlikeAsync(
        $"GET / HTTP/1.1\r\n{line.Trim().Replace("Content-Length", "Content-Lengths")}\r\n{Host}\r\n",
        $"GET / HTTP/1.1\r\n{line}\r\n{Host}\r\n");

    [TestCase("X: a\r\n b", "X: a b")]
    [TestCase("X: a\r\n\tb", "X: a b")]
    [TestCase("X: a\r\n ", "X: a")]
    [TestCase("Transfer-Encoding:\r\n chunked", "X-Transfer-Encoding: chunked")]
    [TestCase("Content-Length:\r\n 5", "X-Content-Length: 5")]
    public Task A25_B37_A_folded_line_is_refused(string line, string twin) => RefusedLine(line, twin);

    [TestCase("Te\nst: x", "Test: x")]
    [TestCase("Content-Length 10", "Content-Length-10:")]
    [TestCase("NoColon", "NoColon:")]
    [TestCase("Transfer-\r\nEncoding: chunked", "Transfer-:\r\nEncoding: chunked")]
    public Task A26_A_line_without_a_colon_is_refused(string line, string twin) => RefusedLine(line, twin);

    [TestCase(": x", "x: x")]
    [TestCase(":", "x:")]
    [TestCase(":authority: a", "authority: a")]
    public Task A27_An_empty_name_is_refused(string line, string twin) => RefusedLine(line, twin);

    [TestCase("\r\rX")]
    [TestCase("\rX: y\r\n\r\n")]
    [TestCase("\n\r\n")]
    public async Task A28_Only_an_empty_line_ends_the_section(string end) =>
        await RefusedUnlikeAsync(Get + "\r\n", Get + end);

    [TestCase("Transfer_Encoding: chunked")]
    [TestCase("Content_Length: 5")]
    [TestCase("Content-Lengths: 5")]
    [TestCase("X-Content-Length: 5")]
    public async Task A29_A_name_that_resembles_a_framing_field_passes_and_frames_nothing(string line)
    {
        RawClient client = await ConnectAsync();
        await client.SendAsync($"POST /1 HTTP/1.1\r\n{Host}{line}\r\n\r\nGET /2 HTTP/1.1\r\n{Host}\r\n");

        string first = (await client.ReadAnswerAsync()).Text;
        string second = (await client.ReadAnswerAsync()).Text;

        Assert.That((first, second), Is.EqualTo(("/1\n", "/2\n")));
        Assert.That(Calls.TakeLast(2).First().Head.Has(line[..line.IndexOf(':')]), Is.True);
    }

    [Test]
    public Task A29_A_space_within_a_name_is_refused() =>
        RefusedLine("Transfer Encoding: chunked", "Transfer-Coding: chunked");

    [Test]
    public async Task B39_Names_are_case_insensitive()
    {
        NodeCall call = await ServedAsync("POST / HTTP/1.1\r\nhOsT: a.example\r\ncOnTeNt-LeNgTh: 5\r\n\r\nhello");
        Assert.That(call.Head.Value("Host"), Is.EqualTo("a.example"));
        Assert.That(Encoding.Latin1.GetString(await call.ReadBodyAsync()), Is.EqualTo("hello"));

        await ServedAsync("POST / HTTP/1.1\r\nHOST: a\r\nTRANSFER-ENCODING: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        await RefusedAsync("POST / HTTP/1.1\r\nHOST: a\r\nhost: b\r\n\r\n");
    }

    [Test]
    public async Task B40_B41_Unknown_fields_pass_both_ways_in_their_order()
    {
        string[] lines = [.. Enumerable.Range(0, 50).Select(i => $"X-{i % 5}: {i}")];
        string section = string.Join("\r\n", lines) + "\r\n";
        Node.Script = call => call.AnswerAsync("", section);

        WireResponse answer = await (await ConnectAsync()).CallAsync($"{Get}{section}\r\n");

        Assert.That(Numbered(Calls.Last().Head), Is.EqualTo(lines));
        Assert.That(Numbered(answer.Head), Is.EqualTo(lines));

        static IEnumerable<string> Numbered(WireHead head) =>
            head.Fields.Where(field => field.Name is ['X', '-', _]).Select(field => $"{field.Name}: {field.Value}");
    }

    [Test]
    public async Task B42_Lines_of_Set_Cookie_are_never_joined()
    {
        string[] cookies = ["a=1; Expires=Wed, 09 Jun 2027 10:18:14 GMT", "b=2", "c=3"];
        Node.Script = call => call.AnswerAsync("", string.Concat(cookies.Select(value => $"Set-Cookie: {value}\r\n")));

        WireResponse answer = await (await ConnectAsync()).GetAsync("/");

        Assert.That(answer.Head.Values("Set-Cookie"), Is.EqualTo(cookies));
    }

    [Test]
    public async Task B43_A_request_is_placed_only_when_its_whole_head_has_arrived()
    {
        string head = $"{Get}X-Last: y\r\n\r\n";
        int callsBefore = Calls.Count();
        RawClient client = await ConnectAsync();
        foreach (char c in head[..^1])
        {
            await client.SendAsync($"{c}");
        }

        await ServedAsync($"GET /fence HTTP/1.1\r\n{Host}\r\n");
        int callsBetween = Calls.Count();
        await client.SendAsync(head[^1..]);

        Assert.That((await client.ReadAnswerAsync()).Status, Is.EqualTo(200));
        Assert.That((callsBetween, Calls.Count()), Is.EqualTo((callsBefore + 1, callsBefore + 2)));
    }

    [Test]
    public async Task B44_A_head_beyond_the_limits_is_431()
    {
        string many = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"X{i}: y\r\n"));
        await RefusedUnlikeAsync($"{Get}X: {new string('y', 50_000)}\r\n\r\n",
            $"{Get}X: {new string('y', 100_000)}\r\n\r\n", 431);
        await RefusedUnlikeAsync(
            Get + string.Concat(Enumerable.Range(0, 190).Select(i => $"X{i}: y\r\n")) + "\r\n", $"{Get}{many}\r\n",
                431);
    }

    [Test]
    public async Task B45_Whitespace_around_a_value_is_not_part_of_it()
    {
        NodeCall call = await ServedAsync($"{Post}Content-Length: \t5 \t\r\nX:\t y z \t\r\n\r\nhello");
        Assert.That((call.Head.Value("Content-Length"), call.Head.Value("X")), Is.EqualTo(("5", "y z")));
    }

    [Test]
    public async Task B49_Empty_members_of_a_list_are_passed_over()
    {
        RawClient client = await ConnectAsync();
        WireResponse answer = await client.CallAsync($"{Get}Connection: ,close,,\r\n\r\n");
        Assert.That((answer.Status, answer.Head.Value("Connection")), Is.EqualTo((200, "close")));
        await client.ReadCloseAsync();
    }

    [Test]
    public async Task B50_An_answer_without_Date_gets_a_fresh_one_and_one_with_Date_keeps_it()
    {
        string? made = (await (await ConnectAsync()).GetAsync("/")).Head.Value("Date");
        Node.Script = call => call.AnswerAsync("", "Date: Wed, 09 Jun 2027 10:18:14 GMT\r\n");
        string? kept = (await (await ConnectAsync()).GetAsync("/")).Head.Value("Date");

        Assert.That(made, Does.Match(HttpDate));
        Assert.That(kept, Is.EqualTo("Wed, 09 Jun 2027 10:18:14 GMT"));
    }

    [Test]
    public async Task B51_The_date_of_a_refusal_is_an_IMF_fixdate()
    {
        WireResponse refusal = await RefusedAsync("GET  / HTTP/1.1\r\n\r\n");
        Assert.That(refusal.Head.Value("Date"), Does.Match(HttpDate));
    }

    private async Task RefusedLine(string line, string twin) =>
        await RefusedUnlikeAsync($"{Get}{twin}\r\n\r\n", $"{Get}{line}\r\n\r\n");
}
