using FnLb.Host.CommandLine;
using NUnit.Framework;

namespace FnLb.Tests.Host.CommandLine;

public sealed class DurationTextTests
{
    [TestCase("0", 0)]
    [TestCase("3", 3000)]
    [TestCase("1.5", 1500)]
    [TestCase("500ms", 500)]
    [TestCase("1m30s", 90_000)]
    [TestCase("2h", 7_200_000)]
    [TestCase("1500µs", 1.5)]
    public void A_number_is_seconds_and_the_rest_is_as_Go_writes_it(string text, double milliseconds)
    {
        Assert.That(DurationText.TryParse(text, out TimeSpan duration), Is.True);
        Assert.That(duration.TotalMilliseconds, Is.EqualTo(milliseconds));
    }

    [TestCase("")]
    [TestCase("s")]
    [TestCase("3 s")]
    [TestCase("-1")]
    [TestCase("-1s")]
    [TestCase("1d")]
    [TestCase("soon")]
    [TestCase("1:30")]
    [TestCase("99999999999h")]
    public void Anything_else_is_refused(string text) => Assert.That(DurationText.TryParse(text, out _), Is.False);
}
