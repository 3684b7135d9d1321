using System.Net;
using FnLb.Core.Nodes;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Nodes;

public sealed class NodeAddressTests
{
    [TestCase("10.0.0.1:8080", "10.0.0.1:8080")]
    [TestCase("Node-1.Example.COM:80", "node-1.example.com:80")]
    [TestCase("my_node:65535", "my_node:65535")]
    [TestCase("node.:80", "node.:80")]
    [TestCase("[2001:DB8::0001]:80", "[2001:db8::1]:80")]
    [TestCase("3com:80", "3com:80")]
    public void Has_one_canonical_text(string text, string canonical)
    {
        Assert.That(NodeAddress.TryParse(text, out NodeAddress address, out _), Is.True);
        Assert.That(address.Text, Is.EqualTo(canonical));
    }

    [TestCase("", "empty")]
    [TestCase(null, "empty")]
    [TestCase("10.0.0.1", "no port")]
    [TestCase(":80", "no port")]
    [TestCase("a:0", "1 to 65535")]
    [TestCase("a:65536", "1 to 65535")]
    [TestCase("a:+80", "1 to 65535")]
    [TestCase("a: 80", "1 to 65535")]
    [TestCase("a b:80", "neither an IP address")]
    [TestCase("a..b:80", "neither an IP address")]
    [TestCase("-a:80", "neither an IP address")]
    [TestCase("::1:80", "neither an IP address")]
    [TestCase("[1.2.3.4]:80", "neither an IP address")]
    [TestCase("[::g]:80", "neither an IP address")]
    [TestCase("http://a:80", "neither an IP address")]
    [TestCase("a/b:80", "neither an IP address")]
    [TestCase("é:80", "neither an IP address")]
    public void Is_refused_with_the_reason(string? text, string reason)
    {
        Assert.That(NodeAddress.TryParse(text, out _, out string? error), Is.False);
        Assert.That(error, Does.Contain(reason));
    }

    [TestCase("256.0.0.1")]
    [TestCase("10.1")]
    [TestCase("1.2.3.04")]
    [TestCase("127.0.0.0x1")]
    [TestCase("0x7f000001")]
    [TestCase("123")]
    public void Numbers_that_some_read_as_another_address_are_refused(string host)
    {
        Assert.That(NodeAddress.TryParse($"{host}:80", out _, out _), Is.False);
    }

    [Test]
    public void Only_an_IP_address_needs_no_lookup()
    {
        Assert.That(Entries.Address("[::1]:80").Literal, Is.EqualTo(new IPEndPoint(IPAddress.IPv6Loopback, 80)));
        Assert.That(Entries.Address("node:80").Literal, Is.Null);
    }

    [Test]
    public void What_was_written_is_shown_without_control_characters_and_not_in_full_length()
    {
        _ = NodeAddress.TryParse("a\n\u001b[31m" + new string('x', 1000), out _, out string? error);

        Assert.That(error, Has.Length.LessThan(200).And.Not.Contain("\n").And.Not.Contain("\u001b"));
    }
}
