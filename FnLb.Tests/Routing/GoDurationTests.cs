using System.Text;
using FnLb.Core.Routing;
using NUnit.Framework;

namespace FnLb.Tests.Routing;

/// <summary>Durations as nodes report them.</summary>
public sealed class GoDurationTests
{
    [TestCase("0", 0)]
    [TestCase("+0", 0)]
    [TestCase("0s", 0)]
    [TestCase("1ns", 1)]
    [TestCase("300us", 300_000)]
    [TestCase("300\u00b5s", 300_000)]
    [TestCase("300\u03bcs", 300_000)]
    [TestCase("502.0941ms", 502_094_100)]
    [TestCase("1.5s", 1_500_000_000)]
    [TestCase("+1.5s", 1_500_000_000)]
    [TestCase(".5s", 500_000_000)]
    [TestCase("1.s", 1_000_000_000)]
    [TestCase("2m3.5s", 123_500_000_000)]
    [TestCase("1h", 3_600_000_000_000)]
    [TestCase("1h0m0.000000001s", 3_600_000_000_001)]
    [TestCase("3s2h", 7_203_000_000_000)]
    [TestCase("1.9ns", 1)]
    [TestCase("0.3333333333333333333h", 1_200_000_000_000)]
    [TestCase("0.830103483285477580700h", 2_988_372_539_827)]
    [TestCase("9223372036854775807ns", long.MaxValue)]
    [TestCase("2562047h47m16.854775807s", long.MaxValue)]
    public void What_Go_prints_is_read(string text, long nanoseconds)
    {
        Assert.That(GoDuration.TryParse(Encoding.UTF8.GetBytes(text), out long parsed));
        Assert.That(parsed, Is.EqualTo(nanoseconds));
    }

    [TestCase("")]
    [TestCase("+")]
    [TestCase("1")]
    [TestCase("00")]
    [TestCase("-1s")]
    [TestCase("-0")]
    [TestCase("s")]
    [TestCase(".s")]
    [TestCase(".")]
    [TestCase("1.2.3s")]
    [TestCase("1 s")]
    [TestCase(" 1s")]
    [TestCase("1s ")]
    [TestCase("1S")]
    [TestCase("1d")]
    [TestCase("1e3s")]
    [TestCase("0x1s")]
    [TestCase("1s2")]
    [TestCase("++1s")]
    [TestCase("1,5s")]
    [TestCase("NaN")]
    [TestCase("Infs")]
    [TestCase("9223372036854775808ns")]
    [TestCase("18446744073709551617ns")]
    [TestCase("9223372037s")]
    [TestCase("2562047h47m16.854775808s")]
    [TestCase("3000000h")]
    [TestCase("1h9223372036854775807ns")]
    public void Anything_else_is_not(string text)
    {
        Assert.That(GoDuration.TryParse(Encoding.UTF8.GetBytes(text), out long parsed), Is.False);
        Assert.That(parsed, Is.Zero);
    }

    [Test]
    public void A_broken_code_point_is_no_unit() =>
        Assert.That(GoDuration.TryParse([(byte)'1', 0xC2, (byte)'s'], out _), Is.False);
}
