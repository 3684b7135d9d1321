namespace FnLb.Core.Routing;

/// <summary>Durations as Go prints them: <c>1.5s</c>, <c>300µs</c>, <c>2m3.5s</c>, <c>1h</c>, <c>0</c>.</summary>
/// <remarks>
/// Reads what Go's time.ParseDuration reads, and to the same nanosecond, but for the minus sign: a wait is never
/// negative.
/// </remarks>
public static class GoDuration
{
    /// <returns>False for anything that is no such text, is negative, or exceeds 2^63-1 ns (292 years).</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        nanoseconds = 0;
        int index = text.StartsWith("+"u8) ? 1 : 0;
        if (index == text.Length)
        {
            return false;
        }

        if (text[index..].SequenceEqual("0"u8))
        {
            return true;
        }

        ulong total = 0;
        while (index < text.Length)
        {
            if (!TryReadTerm(text, ref index, out ulong term) || (total += term) > long.MaxValue)
            {
                return false;
            }
        }

        nanoseconds = (long)total;
        return true;
    }

    /// <param name="nanoseconds">At most 2^63-1, so that two of them can be added.</param>
    private static bool TryReadTerm(ReadOnlySpan<byte> text, scoped ref int index, out ulong nanoseconds)
    {
        nanoseconds = 0;
        ReadOnlySpan<byte> whole = Digits(text, ref index);
        ReadOnlySpan<byte> fraction = default;
        if (index < text.Length && text[index] == '.')
        {
            index++;
            fraction = Digits(text, ref index);
        }

        if (whole.IsEmpty && fraction.IsEmpty)
        {
            return false;
        }

        ulong unit = ReadUnit(text, ref index);
        if (unit == 0)
        {
            return false;
        }

        ulong valueMax = long.MaxValue / unit;
        ulong value = 0;
        foreach (byte digit in whole)
        {
            uint next = (uint)(digit - '0');
            if (value > (valueMax - next) / 10)
            {
                return false;
            }

            value = value * 10 + next;
        }

        nanoseconds = value * unit + FractionOf(unit, fraction);
        return nanoseconds <= long.MaxValue;
    }

    // In floating point and from as many digits as fit, as Go does it.
    private static ulong FractionOf(ulong unit, ReadOnlySpan<byte> digits)
    {
        ulong numerator = 0;
        double scale = 1;
        foreach (byte digit in digits)
        {
            uint next = (uint)(digit - '0');
            if (numerator > long.MaxValue / 10 || numerator * 10 + next > 1UL << 63)
            {
                break;
            }

            numerator = numerator * 10 + next;
            scale *= 10;
        }

        return (ulong)(numerator * (unit / scale));
    }

    private static ReadOnlySpan<byte> Digits(ReadOnlySpan<byte> text, scoped ref int index)
    {
        int start = index;
        while (index < text.Length && char.IsAsciiDigit((char)text[index]))
        {
            index++;
        }

        return text[start..index];
    }

    /// <returns>Nanoseconds, 0 when there is no such unit.</returns>
    private static ulong ReadUnit(ReadOnlySpan<byte> text, scoped ref int index)
    {
        int start = index;
        while (index < text.Length && text[index] != '.' && !char.IsAsciiDigit((char)text[index]))
        {
            index++;
        }

        ReadOnlySpan<byte> unit = text[start..index];
        return unit.SequenceEqual("ms"u8) ? 1_000_000UL
            : unit.SequenceEqual("s"u8) ? 1_000_000_000UL
            : unit.SequenceEqual("m"u8) ? 60_000_000_000UL
            : unit.SequenceEqual("h"u8) ? 3_600_000_000_000UL
            : unit.SequenceEqual("ns"u8) ? 1UL
            : unit.SequenceEqual("us"u8) || unit.SequenceEqual("\u00B5s"u8) || unit.SequenceEqual("\u03BCs"u8) ? 1_000UL
            : 0UL;
    }
}
