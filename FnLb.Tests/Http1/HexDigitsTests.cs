using System.Globalization;
using System.Text;
using CsCheck;
using FnLb.Core.Http1;
using NUnit.Framework;

namespace FnLb.Tests.Http1;

/// <summary>Ids are sixteen digits, with their leading zeros.</summary>
public sealed class HexDigitsTests
{
    [Test]
    public void Every_number_is_written_as_the_framework_writes_it() => Gen.ULong.Sample(number =>
    {
        byte[] digits = new byte[HexDigits.Count];
        HexDigits.Write(number, digits);
        Assert.That(
            Encoding.ASCII.GetString(digits), Is.EqualTo(number.ToString("x16", CultureInfo.InvariantCulture)));
    }, iter: 20_000);
}
