using System.Buffers;
using System.Text;
using FnLb.Core.Proxy;
using NUnit.Framework;

namespace FnLb.Tests.Proxy;

[TestFixture]
internal sealed class HeadProgressTests
{
    private const int HeadBytesMax = 64;

    [Test]
    public void A_head_is_parsed_when_it_begins_and_when_a_line_ends_but_not_for_every_byte()
    {
        HeadProgress progress = default;
        const string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        List<int> due = [];
        for (int length = 1; length <= head.Length; length++)
        {
            if (progress.IsDue(Bytes(head[..length]), HeadBytesMax))
            {
                due.Add(length);
            }
        }

        Assert.That(due, Is.EqualTo([1, 16, 25, 27]));
    }

    [Test]
    public void A_head_beyond_the_limit_is_parsed_so_that_it_is_refused()
    {
        HeadProgress progress = default;
        _ = progress.IsDue(Bytes("G"), HeadBytesMax);
        Assert.That(progress.IsDue(Bytes(new string('G', HeadBytesMax)), HeadBytesMax), Is.False);
        Assert.That(progress.IsDue(Bytes(new string('G', HeadBytesMax + 1)), HeadBytesMax), Is.True);
    }

    private static ReadOnlySequence<byte> Bytes(string text) => new(Encoding.ASCII.GetBytes(text));
}
