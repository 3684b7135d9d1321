using FnLb.Benchmarks.Drive;
using FnLb.Benchmarks.Reports;
using NUnit.Framework;

namespace FnLb.Tests.Benchmarks;

/// <summary>The arguments of <c>fnlb-bench drive</c>.</summary>
public sealed class DriveOptionsTests
{
    [Test]
    public void Steps_are_every_number_of_connections_with_every_rate()
    {
        DriveOptions options = Parse("-c", "8,64", "--rate=1000,2000", "-d", "500ms", "http://a/f{n}", "--routes", "9");

        Assert.That(options.Steps, Is.EqualTo((DriveStep[])
            [new(8, 1000), new(8, 2000), new(64, 1000), new(64, 2000)]));
        Assert.That(options.Duration, Is.EqualTo(TimeSpan.FromMilliseconds(500)));
        Assert.That(options.PathOf(options.Urls[0]), Is.EqualTo("/f{n}"));
        Assert.That(options.Conflict, Is.Null);
    }

    [TestCase("--rate", "0")]
    [TestCase("--rate", "10,x")]
    [TestCase("--connections", "0")]
    [TestCase("--duration", "25h")]
    [TestCase("--duration", "-1")]
    [TestCase("--body-size", "65m")]
    [TestCase("--zipf", "1,2")]
    [TestCase("--header", "no colon")]
    [TestCase("--connections", "1.5")]
    [TestCase("--timeout", "0")]
    [TestCase("--path", "/a b")]
    [TestCase("--path", "/a\rb")]
    [TestCase("--path", "/a\nb")]
    [TestCase("--header", "A: b\r\nC: d")]
    [TestCase("--header", "A: b\rC: d")]
    [TestCase("--no-such", "1")]
    public void A_value_out_of_range_is_refused_with_its_name(string name, string value)
    {
        DriveOptions options = new();
        Assert.That(Read([name, value], ref options, out _, out string? error), Is.False);
        Assert.That(error, Does.Contain(name).And.Contain(value));
    }

    [Test]
    public void A_switch_with_a_value_is_refused_and_not_taken_as_given([Values("false", "true", "")] string value)
    {
        DriveOptions options = new();
        Assert.That(Read([$"--busy={value}"], ref options, out _, out string? error), Is.False);
        Assert.That(error, Is.EqualTo("--busy takes no value"));
    }

    [TestCase("http://a/f", "--routes", "2",
        ExpectedResult = "--routes: the path has no {n} for the number of the route")]
    [TestCase("https://a/", ExpectedResult = "URLs are http:// ones: there is no TLS here")]
    [TestCase("http://a/", "--pipeline", "2", "-R", "5",
        ExpectedResult = "--pipeline is for a closed loop, --rate for an open one")]
    [TestCase("http://a/", "-c", "1", "-t", "2", ExpectedResult = "--connections is below --threads")]
    [TestCase("http://a/", "http://b/", "-c", "64,1",
        ExpectedResult = "--connections is below the number of URLs")]
    [TestCase(ExpectedResult = "a URL is needed: http://HOST[:PORT][/PATH]")]
    public string? What_does_not_go_together_is_refused(params string[] args) => Parse(args).Conflict;

    private static DriveOptions Parse(params string[] args)
    {
        DriveOptions options = new();
        Assert.That(Read(args, ref options, out List<string> urls, out string? error), Is.True, error);
        return options with { Urls = [.. urls.Select(url => new Uri(url))] };
    }

    private static bool Read(string[] args, ref DriveOptions options, out List<string> urls, out string? error) =>
        ArgumentReader.TryRead(
            args, ref options, (so, name, value) => so.With(name, value), DriveOptions.Switches, out urls, out error);
}
