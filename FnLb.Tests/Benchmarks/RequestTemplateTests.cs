using System.Text;
using FnLb.Benchmarks.Drive;
using NUnit.Framework;

namespace FnLb.Tests.Benchmarks;

/// <summary>The bytes that are sent.</summary>
public sealed class RequestTemplateTests
{
    [Test]
    public void The_number_of_the_route_stands_in_its_place_and_given_fields_replace_our_own()
    {
        RequestTemplate template = new(
            "POST", "/r/app/f{n}?x=1", "a:81", ["Host: other", "X-A: b"], new byte[3], keepsAlive: false);
        byte[] bytes = new byte[template.HeadBytesMax];

        int length = template.WriteHead(1234, bytes);

        Assert.That(Encoding.ASCII.GetString(bytes, 0, length), Is.EqualTo(
            "POST /r/app/f1234?x=1 HTTP/1.1\r\nUser-Agent: fnlb-bench\r\nConnection: close\r\nContent-Length: 3\r\n"
            + "Host: other\r\nX-A: b\r\n\r\n"));
    }
}
