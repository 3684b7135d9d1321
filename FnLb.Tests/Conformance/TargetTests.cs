using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>Host, and the forms of a request target: RFC 9112 section 3.2.</summary>
public sealed class TargetTests : ConformanceTest
{
    [TestCase("")]
    [TestCase("Host: a\r\nHost: a\r\n")]
    [TestCase("Host: a\r\nX: y\r\nhost: b\r\n")]
    [TestCase("Host: a, b\r\n")]
    [TestCase("Host: a,a\r\n")]
    public Task A13_B20_B21_No_Host_or_more_than_one_is_refused(string lines) => RefusedHost(lines, "Host: a\r\n");

    [TestCase("user@a", "user.a")]
    [TestCase("a/b", "a.b")]
    [TestCase("http://a", "a")]
    [TestCase("a b", "a-b")]
    [TestCase("a:port", "a:80")]
    [TestCase("a:99999", "a:9999")]
    [TestCase("[::1", "[::1]")]
    [TestCase("[::1]]", "[::1]")]
    [TestCase("a#", "a")]
    [TestCase("a?b", "a")]
    [TestCase("a\\b", "ab")]
    [TestCase("\u00ffa\u00ff", "a")]
    [TestCase("google.com\0.x", "google.com.x")]
    [TestCase("a\u0001b", "ab")]
    public Task A14_B22_A_Host_that_is_no_host_and_port_is_refused(string host, string twin) =>
        RefusedHost($"Host: {host}\r\n", $"Host: {twin}\r\n");

    [TestCase("Host:\r\n")]
    [TestCase("Host: \t\r\n")]
    [TestCase("Host: :80\r\n")]
    public Task A15_An_empty_Host_is_refused(string line) => RefusedHost(line, "Host: a:80\r\n");

    [TestCase("GET http://a.example:81/p HTTP/1.1\r\nHost: b.example\r\n\r\n")]
    [TestCase("GET http://a.example:81/p HTTP/1.1\r\nHost: a.example:81\r\n\r\n")]
    public async Task A16_B23_B24_The_authority_of_the_target_goes_before_Host(string request)
    {
        NodeCall call = await ServedAsync(request);
        Assert.That((call.Target, call.Head.Value("Host")), Is.EqualTo(("/p", "a.example:81")));
    }

    [TestCase("GET http://fn.example?x=1 HTTP/1.1", "/?x=1")]
    [TestCase("GET http://fn.example HTTP/1.1", "/")]
    [TestCase("GET https://fn.example/p?q HTTP/1.1", "/p?q")]
    [TestCase("GET HTTP://fn.example/ HTTP/1.1", "/")]
    public async Task B23_B25_Absolute_form_reaches_the_node_in_origin_form(string line, string target) =>
        Assert.That((await ServedAsync($"{line}\r\n{Host}\r\n")).Target, Is.EqualTo(target));

    [Test]
    public async Task B26_The_authority_form_is_for_CONNECT_alone() =>
        await RefusedUnlikeAsync($"GET /a:80 HTTP/1.1\r\n{Host}\r\n", $"GET a:80 HTTP/1.1\r\n{Host}\r\n");

    [TestCase("OPTIONS * HTTP/1.1", "*")]
    [TestCase("OPTIONS http://fn.example HTTP/1.1", "*")]
    [TestCase("OPTIONS http://fn.example/ HTTP/1.1", "/")]
    [TestCase("OPTIONS http://fn.example? HTTP/1.1", "/?")]
    public async Task B27_B28_OPTIONS_of_the_server_as_a_whole_keeps_its_asterisk(string line, string target) =>
        Assert.That((await ServedAsync($"{line}\r\n{Host}\r\n")).Target, Is.EqualTo(target));

    [Test]
    public async Task B29_HTTP_1_0_without_Host_goes_to_the_node_under_the_nodes_own_name()
    {
        NodeCall call = await ServedAsync("GET /p HTTP/1.0\r\n\r\n");
        Assert.That(call.Head.Value("Host"), Is.EqualTo(Node.Address));
    }

    [TestCase("/a/../b//c%2f%2e?x=%20&y")]
    [TestCase("//a/./b/?")]
    [TestCase("/%00%0d%0aX:1?%ff")]
    [TestCase("/a?b=http://c/d?e[]=1")]
    public async Task B32_Path_and_query_reach_the_node_as_they_are(string target) =>
        Assert.That((await ServedAsync($"GET {target} HTTP/1.1\r\n{Host}\r\n")).Target, Is.EqualTo(target));

    [Test]
    public async Task B33_A_request_that_goes_round_in_circles_ends_after_a_few_turns()
    {
        // A node whose address leads back here, as a proxy in front of the balancer would be.
        Node.Script = async call =>
        {
            RawClient back = await ConnectAsync();
            string fields = string.Concat(call.Head.Fields.Select(field => $"{field.Name}: {field.Value}\r\n"));
            WireResponse answer = await back.CallAsync($"{call.Head.StartLine}\r\n{fields}\r\n");
            await call.SendAsync($"{answer.Head.StartLine}\r\nContent-Length: 0\r\n\r\n");
        };
        int callsBefore = Calls.Count();

        WireResponse answer = await (await ConnectAsync()).GetAsync("/circle");

        Assert.That(answer.Status, Is.EqualTo(508));
        Assert.That(Calls.Count() - callsBefore, Is.EqualTo(4));
    }

    private async Task RefusedHost(string lines, string twin) =>
        await RefusedUnlikeAsync($"GET / HTTP/1.1\r\n{twin}\r\n", $"GET / HTTP/1.1\r\n{lines}\r\n");
}
