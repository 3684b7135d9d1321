using System.Globalization;
using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

public sealed class SpanWriterTests
{
    [Test]
    public void A_number_is_written_with_the_digits_it_has(
        [Values(
            0, 9, 10, 99, 100, 127, 999, 1_000, 9_999, 10_000, 99_999, 100_000, 999_999, 1_000_000, long.MaxValue, -1)]
        long number)
    {
        SpanWriter writer = new(new byte[21]);
        writer.WriteDecimal(number);
        writer.Write((byte)'.');
        Assert.That(writer.Length, Is.EqualTo(number.ToString(CultureInfo.InvariantCulture).Length + 1));

        byte[] destination = new byte[20];
        SpanWriter exact = new(destination);
        exact.WriteDecimal(number);
        string written = Wire.Text(destination.AsSpan(0, exact.Length));
        Assert.That(written, Is.EqualTo(number.ToString(CultureInfo.InvariantCulture)));
    }
}
