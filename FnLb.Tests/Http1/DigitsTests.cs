using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

public sealed class DigitsTests
{
    [TestCase("922337203685477579", 922337203685477579)]
    [TestCase("9223372036854775799", 9223372036854775799)]
    [TestCase("9223372036854775800", 9223372036854775800)]
    [TestCase("9223372036854775807", long.MaxValue)]
    [TestCase("000000000000000000000009223372036854775807", long.MaxValue)]
    [TestCase("0", 0)]
    public void A_number_up_to_the_largest_is_read(string text, long number) =>
        Assert.That((Digits.TryParse(Wire.Bytes(text), out long read), read), Is.EqualTo((true, number)));

    [TestCase("9223372036854775808")]
    [TestCase("9223372036854775809")]
    [TestCase("9223372036854775810")]
    [TestCase("18446744073709551616")]
    [TestCase("00092233720368547758070")]
    [TestCase("")]
    [TestCase("-1")]
    [TestCase("1a")]
    [TestCase("1:")]
    [TestCase("1/")]
    public void A_larger_one_and_what_is_none_are_refused(string text) =>
        Assert.That(Digits.TryParse(Wire.Bytes(text), out _), Is.False);
}
