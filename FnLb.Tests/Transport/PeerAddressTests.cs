using System.Net;
using FnLb.Core.Transport;
using NUnit.Framework;

namespace FnLb.Tests.Transport;

[TestFixture]
internal sealed class PeerAddressTests
{
    [TestCase("192.0.2.7", "192.0.2.7")]
    [TestCase("2001:db8::1", "2001:db8::1")]
    [TestCase("::ffff:192.0.2.7", "192.0.2.7")]
    public void The_kernels_address_becomes_the_text_of_the_forwarded_field(string address, string text)
    {
        SocketAddress native = new IPEndPoint(IPAddress.Parse(address), 4711).Serialize();
        Assert.That(PeerAddress.FromNative(native.Buffer.Span[..native.Size]).ToString(), Is.EqualTo(text));
    }

    [Test]
    public void A_client_without_an_address_is_unknown()
    {
        Assert.That(PeerAddress.FromNative([1, 0]).ToString(), Is.EqualTo("unknown"));
        Assert.That(PeerAddress.FromNative([]).ToString(), Is.EqualTo("unknown"));
    }
}
