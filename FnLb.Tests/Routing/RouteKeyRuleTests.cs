using System.Text;
using FnLb.Core.Routing;
using NUnit.Framework;

namespace FnLb.Tests.Routing;

/// <summary>What of a request names its function.</summary>
public sealed class RouteKeyRuleTests
{
    [TestCase("path")]
    [TestCase("fn")]
    [TestCase("segments:1")]
    [TestCase("segments:32")]
    [TestCase("header:X-Function")]
    public void Is_written_as_it_is_read(string text) => Assert.That(Parse(text).ToString(), Is.EqualTo(text));

    [TestCase(null, "path, segments:N, header:NAME or fn")]
    [TestCase("", "path, segments:N, header:NAME or fn")]
    [TestCase("Path", "path, segments:N, header:NAME or fn")]
    [TestCase("path:", "path, segments:N, header:NAME or fn")]
    [TestCase("fn:3", "path, segments:N, header:NAME or fn")]
    [TestCase("segments", "path, segments:N, header:NAME or fn")]
    [TestCase("segments:", "N from 1 to 32")]
    [TestCase("segments:0", "N from 1 to 32")]
    [TestCase("segments:33", "N from 1 to 32")]
    [TestCase("segments:-1", "N from 1 to 32")]
    [TestCase("segments:2 ", "N from 1 to 32")]
    [TestCase("header:", "name of a header")]
    [TestCase("header:X Y", "name of a header")]
    [TestCase("header:X:", "name of a header")]
    [TestCase("header:\u00c4", "name of a header")]
    public void Is_refused_with_what_to_write_instead(string? text, string expected)
    {
        Assert.That(RouteKeyRule.TryParse(text, out RouteKeyRule? rule, out string? error), Is.False);
        Assert.That(rule, Is.Null);
        Assert.That(error, Does.Contain(expected));
    }

    [TestCase("path", "/r/app/fn/123", "/r/app/fn/123")]
    [TestCase("path", "", "/")]
    [TestCase("segments:1", "/r/app/fn", "/r")]
    [TestCase("segments:3", "/r/app/fn/123", "/r/app/fn")]
    [TestCase("segments:3", "/r/app/fn/", "/r/app/fn")]
    [TestCase("segments:3", "/r/app/fn", "/r/app/fn")]
    [TestCase("segments:3", "/r", "/r")]
    [TestCase("segments:3", "/", "/")]
    [TestCase("segments:3", "", "/")]
    [TestCase("segments:2", "//a/b", "//a")]
    [TestCase("fn", "/r/app/fn/123", "/r/app/fn")]
    [TestCase("fn", "/r/app/fn/124/x", "/r/app/fn")]
    [TestCase("fn", "/r/app/fn", "/r/app/fn")]
    [TestCase("fn", "/r/app", "/r/app")]
    [TestCase("fn", "/t/app/trigger/a", "/t/app/trigger")]
    [TestCase("fn", "/invoke/01ABC/x", "/invoke/01ABC")]
    [TestCase("fn", "/v1/apps/a/b/c", "/v1/apps/a/b/c")]
    [TestCase("fn", "/rr/a/b/c/d", "/rr/a/b/c/d")]
    public void Takes_of_the_path_what_names_the_function(string rule, string path, string named) =>
        Assert.That(Parse(rule).Of(Bytes(path), default), Is.EqualTo(RouteKey.Of(Bytes(named))));

    [Test]
    public void Takes_the_header_if_there_is_one_and_else_the_path()
    {
        RouteKeyRule rule = Parse("header:Fn-Name");

        Assert.That(rule.Of("/a"u8, "f"u8), Is.EqualTo(RouteKey.Of("f"u8)));
        Assert.That(rule.Of("/a"u8, default), Is.EqualTo(RouteKey.Of("/a"u8)));
        Assert.That(Encoding.ASCII.GetString(rule.HeaderName), Is.EqualTo("Fn-Name"));
        Assert.That(Parse("fn").HeaderName.IsEmpty);
    }

    [Test]
    public void Costs_no_memory([Values("path", "segments:3", "header:X-A", "fn")] string text)
    {
        RouteKeyRule rule = Parse(text);
        _ = rule.Of("/r/app/fn/123"u8, "value"u8);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            _ = rule.Of("/r/app/fn/123"u8, "value"u8);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Two_rules_that_read_alike_are_equal()
    {
        RouteKeyRule again = Parse("header:A");
        Assert.That(Parse("header:A"), Is.EqualTo(again));
        Assert.That(Parse("header:A").GetHashCode(), Is.EqualTo(again.GetHashCode()));
        Assert.That(Parse("header:A"), Is.Not.EqualTo(Parse("header:B")));
        Assert.That(Parse("path"), Is.EqualTo(RouteKeyRule.Path));
    }

    private static RouteKeyRule Parse(string text)
    {
        Assert.That(RouteKeyRule.TryParse(text, out RouteKeyRule? rule, out string? error), error);
        return rule!;
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
