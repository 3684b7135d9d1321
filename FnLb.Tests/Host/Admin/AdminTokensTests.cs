using FnLb.Host.Admin;
using NUnit.Framework;

namespace FnLb.Tests.Host.Admin;

public sealed class AdminTokensTests
{
    private const string Reader = "reader-0123456789";
    private const string Writer = "writer-0123456789";

    [Test]
    public void Each_token_gives_the_right_of_its_line()
    {
        AdminTokens tokens = AdminTokens.Parse(
            $"# of the cluster\n\nread {Reader}\r\nwrite\t{Writer} alice\nalone-0123456789\n");

        Assert.That(Of(Reader), Is.EqualTo((AdminRight.Read, "line 3")));
        Assert.That(Of(Writer), Is.EqualTo((AdminRight.Write, "alice")));
        Assert.That(Of("alone-0123456789"), Is.EqualTo((AdminRight.Write, "line 5")));
        Assert.That(Of(Reader + "x"), Is.EqualTo((AdminRight.None, "")));
        Assert.That(Of(""), Is.EqualTo((AdminRight.None, "")));

        (AdminRight Right, string Name) Of(string token) => (tokens.RightOf(token, out string name), name);
    }

    [TestCase("", "there must be a token in it")]
    [TestCase("# nothing\n", "there must be a token in it")]
    [TestCase("write short\n", "at least 16 characters")]
    [TestCase("admin 0123456789abcdef\n", "\"write TOKEN\"")]
    [TestCase("write 0123456789abcdef more and\n", "\"write TOKEN\"")]
    public void A_file_that_cannot_be_meant_is_refused(string text, string rule) =>
        Assert.That(
            () => AdminTokens.Parse(text), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(rule));
}
