using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>HTTP.md part A, rows 13 to 16.</summary>
public sealed class HostFieldTests
{
    [TestCase("", Rejection.MissingHost)]
    [TestCase("Host: a\r\nHost: a\r\n", Rejection.DuplicateHost)]
    [TestCase("Host: a\r\nhOsT: b\r\n", Rejection.DuplicateHost)]
    [TestCase("Host: a, b\r\n", Rejection.InvalidHost)]
    [TestCase("Host: a,b\r\n", Rejection.InvalidHost)]
    public void A13_B20_B21_No_Host_or_more_than_one_is_refused(string lines, Rejection rejection) =>
        ParsedRequest.RefusedUnlike("GET / HTTP/1.1\r\nHost: a\r\n\r\n", $"GET / HTTP/1.1\r\n{lines}\r\n", rejection);

    [TestCase("user@a")]
    [TestCase("a/b")]
    [TestCase("http://a")]
    [TestCase("a b")]
    [TestCase("\u00ffa\u00ff")]
    [TestCase("a?b")]
    [TestCase("a#b")]
    [TestCase("a\\b")]
    [TestCase("a:port")]
    [TestCase("a:-1")]
    [TestCase("a:65536")]
    [TestCase("a:1:2")]
    [TestCase("a%2")]
    [TestCase("a%zz")]
    [TestCase(":80")]
    [TestCase("[::1")]
    [TestCase("::1]")]
    [TestCase("[::1]x")]
    [TestCase("[]")]
    [TestCase("[a]")]
    [TestCase("[1.2.3.4]")]
    [TestCase("[::1%25eth0]")]
    [TestCase("[:::]")]
    [TestCase("\"a\"")]
    [TestCase("<a>")]
    public void A14_B22_A_Host_that_is_not_host_and_port_is_refused(string host) =>
        ParsedRequest.RefusedUnlike(WithHost("a"), WithHost(host), Rejection.InvalidHost);

    [TestCase("google.com\0.x")]
    [TestCase("a\u0007")]
    [TestCase("a\u007f")]
    public void A14_A_Host_with_a_control_character_is_refused(string host) =>
        ParsedRequest.RefusedUnlike(WithHost("a"), WithHost(host), Rejection.InvalidFieldValue);

    [TestCase("a")]
    [TestCase("a:80")]
    [TestCase("a:")]
    [TestCase("a:0080")]
    [TestCase("a:65535")]
    [TestCase("10.0.0.1:8080")]
    [TestCase("[::1]")]
    [TestCase("[2001:DB8::1.2.3.4]:80")]
    [TestCase("a_b-c.d~e")]
    [TestCase("a%2Fb")]
    [TestCase("a!$&'()*+;=b")]
    public void A14_Every_valid_Host_is_served(string host)
    {
        ParsedRequest request = ParsedRequest.Served(WithHost(host));
        Assert.That(request.Text(request.Head.Authority), Is.EqualTo(host));
        Assert.That(request.Forwarded(), Does.Contain($"\r\nHost: {host}\r\n"));
    }

    [TestCase("HTTP/1.1")]
    [TestCase("HTTP/1.0")]
    public void A15_An_empty_Host_is_refused(string version) =>
        ParsedRequest.RefusedUnlike(
            $"GET / {version}\r\nHost: a\r\n\r\n", $"GET / {version}\r\nHost: \r\n\r\n", Rejection.InvalidHost);

    [Test]
    public void A16_B24_The_authority_of_the_target_goes_before_Host()
    {
        ParsedRequest request = ParsedRequest.Served("GET http://b:81/p HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.That(
            request.Forwarded(), Does.StartWith("GET /p HTTP/1.1\r\nHost: b:81\r\n").And.Not.Contain("Host: a"));
    }

    [TestCase("", Rejection.MissingHost)]
    [TestCase("Host: u@a\r\n", Rejection.InvalidHost)]
    [TestCase("Host: \r\n", Rejection.InvalidHost)]
    public void A16_An_absolute_target_does_not_make_up_for_a_bad_Host(string lines, Rejection rejection) =>
        ParsedRequest.RefusedUnlike(
            "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", $"GET http://b/ HTTP/1.1\r\n{lines}\r\n", rejection);

    [Test]
    public void B29_HTTP_1_0_without_Host_goes_to_the_node_under_the_nodes_own_name()
    {
        ParsedRequest request = ParsedRequest.Served("GET / HTTP/1.0\r\n\r\n");
        Assert.That(request.Head.Authority.IsEmpty);
        Assert.That(request.Forwarded(), Does.Contain("\r\nHost: node:8080\r\n").And.Not.Contain("X-Forwarded-Host"));
    }

    private static string WithHost(string host) => $"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n";
}
