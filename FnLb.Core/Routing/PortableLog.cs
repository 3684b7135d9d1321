using System.Diagnostics;

namespace FnLb.Core.Routing;

/// <summary>Natural logarithm that gives the same bits on every machine.</summary>
/// <remarks>
/// Math.Log comes from the platform's C library, whose last bit differs between versions; two load balancers that
/// differ in one bit could rank nodes differently. Here are only additions, multiplications and divisions of doubles,
/// which IEEE 754 rounds in one way.
/// </remarks>
internal static class PortableLog
{
    private const double Ln2 = 0.69314718055994530942;
    private const double SquareRootOf2 = 1.41421356237309504880;
    private const int ExponentBias = 1023;
    private const int MantissaBits = 52;

    /// <param name="value">Normal, above 0 and below 1.</param>
    /// <returns>-ln(value), above 0, to about 15 digits.</returns>
    public static double NegativeOf(double value)
    {
        Debug.Assert(double.IsNormal(value) && value is > 0 and < 1, "The series is made for shares of one.");
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)(bits >> MantissaBits) - ExponentBias;
        long mantissaBits = (bits & ((1L << MantissaBits) - 1)) | ((long)ExponentBias << MantissaBits);
        double mantissa = BitConverter.Int64BitsToDouble(mantissaBits);
        if (mantissa > SquareRootOf2)
        {
            mantissa /= 2;
            exponent++;
        }

        // ln m = 2 artanh s with s = (m - 1) / (m + 1); |s| is at most 0.172, so ten terms reach the last bits.
        double s = (mantissa - 1) / (mantissa + 1);
        double square = s * s;
        double series = 0;
        for (int odd = 19; odd >= 1; odd -= 2)
        {
            series = (series * square) + (1.0 / odd);
        }

        return -((exponent * Ln2) + (2 * s * series));
    }
}
