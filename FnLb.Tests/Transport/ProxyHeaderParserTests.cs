using System.Text;
using FnLb.Core.Transport;
using NUnit.Framework;

namespace FnLb.Tests.Transport;

[TestFixture]
internal sealed class ProxyHeaderParserTests
{
    private static readonly byte[] Binary4 =
        [.. "\r\n\r\n\0\r\nQUIT\n"u8, 0x21, 0x11, 0, 12, 192, 0, 2, 7, 192, 0, 2, 1, 0x12, 0x34, 0, 80];

    [TestCase("PROXY TCP4 192.0.2.7 192.0.2.1 4711 80\r\n", "192.0.2.7")]
    [TestCase("PROXY TCP6 2001:db8::7 2001:db8::1 4711 80\r\n", "2001:db8::7")]
    public void A_line_names_the_client(string header, string client)
    {
        ProxyHeaderStatus status = Parse(header + "GET / HTTP/1.1\r\n", out int length, out PeerAddress named);
        Assert.That((status, length, named.ToString()), Is.EqualTo((ProxyHeaderStatus.Named, header.Length, client)));
    }

    [TestCase("PROXY UNKNOWN\r\n")]
    [TestCase("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n")]
    public void A_line_may_name_nobody(string header)
    {
        Assert.That(Parse(header, out int length, out _), Is.EqualTo(ProxyHeaderStatus.Unnamed));
        Assert.That(length, Is.EqualTo(header.Length));
    }

    [TestCase("GET / HTTP/1.1\r\n")]
    [TestCase("PROXY TCP4 192.0.2.7 192.0.2.1 4711\r\n")]
    [TestCase("PROXY TCP4 2001:db8::7 192.0.2.1 4711 80\r\n")]
    [TestCase("PROXY TCP4 192.0.2.7 192.0.2.1 70000 80\r\n")]
    [TestCase("PROXY TCP5 192.0.2.7 192.0.2.1 4711 80\r\n")]
    [TestCase("PROXY  TCP4 192.0.2.7 192.0.2.1 4711 80\r\n")]
    [TestCase("PROXY xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public void Anything_else_is_invalid(string text)
    {
        Assert.That(Parse(text, out _, out _), Is.EqualTo(ProxyHeaderStatus.Invalid));
    }

    [Test]
    public void The_binary_header_names_the_client_and_its_extensions_are_skipped()
    {
        byte[] extended = [.. Binary4, 0x04, 0, 1, 0];
        extended[15] += 4;
        Assert.That(
            ProxyHeaderParser.TryParse(extended, out int length, out PeerAddress client),
            Is.EqualTo(ProxyHeaderStatus.Named));
        Assert.That((length, client.ToString()), Is.EqualTo((extended.Length, "192.0.2.7")));
    }

    [Test]
    public void A_health_check_of_the_balancer_in_front_names_nobody()
    {
        byte[] local = [.. "\r\n\r\n\0\r\nQUIT\n"u8, 0x20, 0, 0, 0];
        Assert.That(ProxyHeaderParser.TryParse(local, out int length, out _), Is.EqualTo(ProxyHeaderStatus.Unnamed));
        Assert.That(length, Is.EqualTo(local.Length));
    }

    [Test]
    public void A_binary_header_of_another_version_or_with_cut_addresses_is_invalid()
    {
        byte[] version3 = [.. Binary4];
        version3[12] = 0x31;
        byte[] cut = [.. Binary4];
        cut[15] = 8;
        Assert.That(ProxyHeaderParser.TryParse(version3, out _, out _), Is.EqualTo(ProxyHeaderStatus.Invalid));
        Assert.That(ProxyHeaderParser.TryParse(cut, out _, out _), Is.EqualTo(ProxyHeaderStatus.Invalid));
    }

    [Test]
    public void Every_beginning_of_a_header_waits_for_the_rest()
    {
        byte[][] headers = [Binary4, Encoding.ASCII.GetBytes("PROXY TCP4 192.0.2.7 192.0.2.1 4711 80\r\n")];
        foreach (byte[] header in headers)
        {
            for (int length = 1; length < header.Length; length++)
            {
                ProxyHeaderStatus status = ProxyHeaderParser.TryParse(header.AsSpan(0, length), out _, out _);
                Assert.That(status, Is.EqualTo(ProxyHeaderStatus.Incomplete), $"after {length} bytes");
            }
        }
    }

    private static ProxyHeaderStatus Parse(string text, out int length, out PeerAddress client) =>
        ProxyHeaderParser.TryParse(Encoding.ASCII.GetBytes(text), out length, out client);
}
