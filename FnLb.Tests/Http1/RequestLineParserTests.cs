using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>HTTP.md part A, rows 1 to 12.</summary>
public sealed class RequestLineParserTests
{
    [TestCase("G=\":<>(e),[T];?\" /", "GET /", Rejection.InvalidMethod)]
    [TestCase("\0 /", "G /", Rejection.InvalidMethod)]
    [TestCase("G\0T /", "GET /", Rejection.InvalidMethod)]
    [TestCase("G(T /", "GET /", Rejection.InvalidMethod)]
    [TestCase("G\u00c9T /", "GET /", Rejection.InvalidMethod)]
    [TestCase("G\x7fT /", "GET /", Rejection.InvalidMethod)]
    [TestCase(" /", "G /", Rejection.InvalidMethod)]
    public void A1_A_method_that_is_no_token_is_refused(string start, string twin, Rejection rejection) =>
        RefusedUnlike(twin, start, rejection);

    [TestCase("FOOBAR", RequestMethod.Other)]
    [TestCase("get", RequestMethod.Other)]
    [TestCase("M-SEARCH", RequestMethod.Other)]
    [TestCase("!#$%&'*+-.^_`|~09azAZ", RequestMethod.Other)]
    [TestCase("GET", RequestMethod.Get)]
    [TestCase("HEAD", RequestMethod.Head)]
    [TestCase("POST", RequestMethod.Post)]
    [TestCase("PUT", RequestMethod.Put)]
    [TestCase("DELETE", RequestMethod.Delete)]
    [TestCase("OPTIONS", RequestMethod.Options)]
    [TestCase("TRACE", RequestMethod.Trace)]
    [TestCase("PATCH", RequestMethod.Patch)]
    public void B123_Any_token_is_a_method_and_case_matters(string method, RequestMethod expected)
    {
        ParsedRequest request = ParsedRequest.Served(Wire.Request("", $"{method} / HTTP/1.1"));
        Assert.That((request.Head.Method, request.Text(request.Head.MethodText)), Is.EqualTo((expected, method)));
    }

    [TestCase("GET !", "GET /", Rejection.InvalidTarget)]
    [TestCase("GET ?", "GET /", Rejection.InvalidTarget)]
    [TestCase("GET ?a=1", "GET /?a=1", Rejection.InvalidTarget)]
    [TestCase("GET admin", "GET /admin", Rejection.InvalidTarget)]
    [TestCase("GET %2F", "GET /%2F", Rejection.InvalidTarget)]
    [TestCase("GET a:80", "GET /a:80", Rejection.InvalidTarget)]
    [TestCase("GET *", "OPTIONS *", Rejection.InvalidTarget)]
    [TestCase("OPTIONS **", "OPTIONS *", Rejection.InvalidTarget)]
    [TestCase("OPTIONS */", "OPTIONS /", Rejection.InvalidTarget)]
    [TestCase("GET ftp://a/", "GET http://a/", Rejection.InvalidTarget)]
    [TestCase("GET http:/a/", "GET http://a/", Rejection.InvalidTarget)]
    [TestCase("GET http:a", "GET http://a", Rejection.InvalidTarget)]
    public void A2_A_target_of_no_known_form_is_refused(string start, string twin, Rejection rejection) =>
        RefusedUnlike(twin, start, rejection);

    [TestCase("GET /\nHTTP/1.1", Rejection.BareLf)]
    [TestCase("GET /\rHTTP/1.1", Rejection.InvalidVersion)]
    [TestCase("GET /\vHTTP/1.1", Rejection.InvalidTarget)]
    [TestCase("GET /\fHTTP/1.1", Rejection.InvalidTarget)]
    [TestCase("GET /\tHTTP/1.1", Rejection.InvalidTarget)]
    [TestCase("GET\t/ HTTP/1.1", Rejection.InvalidMethod)]
    [TestCase("GET\n/ HTTP/1.1", Rejection.BareLf)]
    [TestCase("GET\r/ HTTP/1.1", Rejection.InvalidMethod)]
    [TestCase("GET  / HTTP/1.1", Rejection.InvalidTarget)]
    [TestCase("GET /  HTTP/1.1", Rejection.InvalidVersion)]
    public void A3_Anything_but_one_space_between_the_parts_is_refused(string line, Rejection rejection) =>
        ParsedRequest.RefusedUnlike(Wire.Request("", "GET / HTTP/1.1"), Wire.Request("", line), rejection);

    [Test]
    public void A4_A_target_has_no_control_character_no_space_no_backslash_and_nothing_beyond_ASCII()
    {
        for (int b = 0; b <= byte.MaxValue; b++)
        {
            ParsedRequest request = ParsedRequest.Of(Wire.Request("", $"GET /a{(char)b}b HTTP/1.1"));
            bool isServed = b is > 0x20 and < 0x7F && !"\"#<>\\".Contains((char)b);
            Assert.That(
                request.Status, Is.EqualTo(isServed ? ParseStatus.Complete : ParseStatus.Rejected), $"byte {b:X2}");
        }
    }

    [TestCase("/a%00%0d%0a%2e%2F")]
    [TestCase("/a/../b//c%2f%2e?x=%20&y")]
    [TestCase("/r/app/route?a[]=1&b={c}|^`")]
    [TestCase("/?")]
    [TestCase("//a")]
    public void A4_B32_What_is_encoded_stays_as_it_is(string target)
    {
        ParsedRequest request = ParsedRequest.Served(Wire.Request("", $"GET {target} HTTP/1.1"));
        Assert.That(request.Text(request.Head.PathAndQuery), Is.EqualTo(target));
        Assert.That(request.Text(request.Head.Path), Is.EqualTo(target.Split('?')[0]));
    }

    [TestCase("GET /path#frag", "GET /path", Rejection.Fragment)]
    [TestCase("GET /path#", "GET /path", Rejection.Fragment)]
    [TestCase("GET /?q#frag", "GET /?q", Rejection.Fragment)]
    [TestCase("GET http://u:p@h/", "GET http://h/", Rejection.InvalidAuthority)]
    [TestCase("GET http://u@h/", "GET http://h/", Rejection.InvalidAuthority)]
    [TestCase("GET http:///x", "GET http://h/x", Rejection.InvalidAuthority)]
    [TestCase("GET http://?x", "GET http://h?x", Rejection.InvalidAuthority)]
    [TestCase("GET http://:80/", "GET http://h:80/", Rejection.InvalidAuthority)]
    [TestCase("GET http://h:x/", "GET http://h:8/", Rejection.InvalidAuthority)]
    public void A5_B30_B31_A_fragment_userinfo_or_an_empty_host_is_refused(
        string start, string twin, Rejection rejection) =>
        RefusedUnlike(twin, start, rejection);

    [TestCase("HTTP/1.32", Rejection.InvalidVersion)]
    [TestCase("HTTP/4294967295.255", Rejection.InvalidVersion)]
    [TestCase("HTTP/01.1", Rejection.InvalidVersion)]
    [TestCase("HTTP/1", Rejection.InvalidVersion)]
    [TestCase("HTTP/1.", Rejection.InvalidVersion)]
    [TestCase("HTTP/.1", Rejection.InvalidVersion)]
    [TestCase("HTTP/2.0", Rejection.UnsupportedVersion)]
    [TestCase("HTTP/0.9", Rejection.UnsupportedVersion)]
    [TestCase("HTTP/9.9", Rejection.UnsupportedVersion)]
    [TestCase("HTTP/\r\r1.1", Rejection.InvalidVersion)]
    [TestCase("HTTP/1.1x", Rejection.InvalidVersion)]
    [TestCase("http/1.1", Rejection.InvalidVersion)]
    [TestCase("HTTP/1.1 ", Rejection.InvalidVersion)]
    [TestCase("HTTP/ 1.1", Rejection.InvalidVersion)]
    [TestCase("HTTP/1,1", Rejection.InvalidVersion)]
    [TestCase("HTTP/1.a", Rejection.InvalidVersion)]
    [TestCase("HTTPS/1.1", Rejection.InvalidVersion)]
    [TestCase("HTTP/1.1\n", Rejection.BareLf)]
    [TestCase("HTTP/1.1\r", Rejection.BareCr)]
    public void A6_A7_B9_B11_A_version_other_than_1_and_one_digit_is_refused(string version, Rejection rejection)
    {
        ParsedRequest.RefusedUnlike(
            Wire.Request("", "GET / HTTP/1.1"), Wire.Request("", $"GET / {version}"), rejection);
        Assert.That(rejection.StatusCode(), Is.EqualTo(rejection == Rejection.UnsupportedVersion ? 505 : 400));
    }

    [Test]
    public void A8_B10_A_higher_minor_version_is_served_as_1_1([Range(0, 9)] int minor)
    {
        ParsedRequest request = ParsedRequest.Served(Wire.Request("", $"GET / HTTP/1.{minor}"));
        Assert.That(request.Head.IsHttp10, Is.EqualTo(minor == 0));
        Assert.That(request.Forwarded(), Does.StartWith("GET / HTTP/1.1\r\n"));
    }

    [TestCase("GET /\r\n\r\n", Rejection.InvalidVersion)]
    [TestCase("GET /\r\n", Rejection.InvalidVersion)]
    [TestCase("GET \r\n", Rejection.InvalidTarget)]
    [TestCase("GET\r\n", Rejection.InvalidMethod)]
    public void A9_A_request_line_without_a_version_is_refused(string text, Rejection rejection) =>
        ParsedRequest.RefusedUnlike("GET / HTTP/1.0\r\n\r\n", text, rejection);

    [Test]
    public void A10_The_preface_of_HTTP_2_is_refused() =>
        ParsedRequest.RefusedUnlike(
            "PRI /* HTTP/1.0\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Rejection.UnsupportedVersion);

    [Test]
    public void A11_A_doubled_space_is_refused() =>
        ParsedRequest.RefusedUnlike(
            Wire.Request("", "POST / HTTP/1.1"), Wire.Request("", "POST /  HTTP/1.1"), Rejection.InvalidVersion);

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(4)]
    public void A12_B5_Some_empty_lines_before_a_request_are_skipped(int count)
    {
        ParsedRequest request = ParsedRequest.Served(
            string.Concat(Enumerable.Repeat("\r\n", count)) + Wire.Request("", "GET /x HTTP/1.1"));
        Assert.That(request.Text(request.Head.MethodText), Is.EqualTo("GET"));
    }

    [TestCase("\r\n\r\n\r\n\r\n\r\n", Rejection.TooManyEmptyLines)]
    [TestCase("\n", Rejection.BareLf)]
    [TestCase("\r\n\n", Rejection.BareLf)]
    [TestCase("\r\r\n", Rejection.BareCr)]
    public void A12_Other_empty_lines_are_refused(string lines, Rejection rejection) =>
        ParsedRequest.RefusedUnlike("\r\n" + Wire.Request(), lines + Wire.Request(), rejection);

    [TestCase("CONNECT a:443", Rejection.ConnectRefused, 501)]
    [TestCase("CONNECT [::1]:443", Rejection.ConnectRefused, 501)]
    [TestCase("CONNECT a:", Rejection.InvalidAuthority, 400)]
    [TestCase("CONNECT a", Rejection.InvalidAuthority, 400)]
    [TestCase("CONNECT a:99999", Rejection.InvalidAuthority, 400)]
    [TestCase("CONNECT a:x", Rejection.InvalidAuthority, 400)]
    [TestCase("CONNECT /", Rejection.InvalidAuthority, 400)]
    [TestCase("CONNECT u@a:443", Rejection.InvalidAuthority, 400)]
    public void B122_CONNECT_is_refused(string start, Rejection rejection, int status)
    {
        RefusedUnlike("CONNECTS /", start, rejection);
        Assert.That(rejection.StatusCode(), Is.EqualTo(status));
    }

    [TestCase("GET http://h", "", "h")]
    [TestCase("GET http://h/", "/", "h")]
    [TestCase("GET HTTP://h:80/p?q", "/p?q", "h:80")]
    [TestCase("GET https://[::1]:80/p", "/p", "[::1]:80")]
    [TestCase("GET http://a?x=1", "?x=1", "a")]
    public void B23_Absolute_form_is_served(string start, string pathAndQuery, string authority)
    {
        ParsedRequest request = ParsedRequest.Served(Wire.Request("", start + " HTTP/1.1"));
        Assert.That(request.Text(request.Head.PathAndQuery), Is.EqualTo(pathAndQuery));
        Assert.That(request.Text(request.Head.Authority), Is.EqualTo(authority));
        Assert.That(request.Head.IsAsterisk, Is.False);
    }

    [TestCase("OPTIONS *", true)]
    [TestCase("OPTIONS http://a", true)]
    [TestCase("OPTIONS http://a/", false)]
    [TestCase("OPTIONS http://a?x", false)]
    [TestCase("OPTIONS /", false)]
    public void B27_B28_OPTIONS_of_the_server_as_a_whole_is_told_apart(string start, bool isAsterisk) =>
        Assert.That(
            ParsedRequest.Served(Wire.Request("", start + " HTTP/1.1")).Head.IsAsterisk, Is.EqualTo(isAsterisk));

    private static void RefusedUnlike(string twin, string start, Rejection rejection) =>
        ParsedRequest.RefusedUnlike(
            Wire.Request("", twin + " HTTP/1.1"), Wire.Request("", start + " HTTP/1.1"), rejection);
}
