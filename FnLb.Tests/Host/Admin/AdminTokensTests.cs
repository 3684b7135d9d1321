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
            $"# of the cluster\n\nread {Reader}\r\nwrite\t{Writer}\nalone-0123456789\n", out string? error);

        Assert.That(error, Is.Null);
        Assert.That(tokens.RightOf(Reader), Is.EqualTo(AdminRight.Read));
        Assert.That(tokens.RightOf(Writer), Is.EqualTo(AdminRight.Write));
        Assert.That(tokens.RightOf("alone-0123456789"), Is.EqualTo(AdminRight.Write));
        Assert.That(tokens.RightOf(Reader + "x"), Is.EqualTo(AdminRight.None));
        Assert.That(tokens.RightOf(""), Is.EqualTo(AdminRight.None));
    }

    [TestCase("", "there must be a token in it")]
    [TestCase("# nothing\n", "there must be a token in it")]
    [TestCase("write short\n", "at least 16 characters")]
    [TestCase("admin 0123456789abcdef\n", "\"write TOKEN\"")]
    [TestCase("write 0123456789abcdef more\n", "\"write TOKEN\"")]
    public void A_file_that_cannot_be_meant_is_refused(string text, string rule)
    {
        _ = AdminTokens.Parse(text, out string? error);
        Assert.That(error, Does.Contain(rule));
    }
}
