namespace FnLb.Core.Http1;

/// <summary>Decimal numbers of the grammar, 1*DIGIT: no sign, no whitespace, any number of leading zeros.</summary>
internal static class Digits
{
    private const long OverflowPossibleFrom = long.MaxValue / 10;

    public static bool AreAll(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    /// <returns>False when the text is no such number or exceeds 2^63-1; <see cref="AreAll"/> tells which.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        foreach (byte b in text)
        {
            uint digit = (uint)(b - '0');
            if (digit > 9 || (value >= OverflowPossibleFrom && value > (long.MaxValue - digit) / 10))
            {
                return false;
            }

            value = value * 10 + digit;
        }

        return !text.IsEmpty;
    }

    /// <returns>The number, int.MaxValue when it is larger, -1 when the text is no number.</returns>
    public static int ParseSaturated(ReadOnlySpan<byte> text)
    {
        if (TryParse(text, out long value))
        {
            return (int)long.Min(value, int.MaxValue);
        }

        return AreAll(text) ? int.MaxValue : -1;
    }
}
