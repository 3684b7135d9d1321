using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace FnLb.Core.Http1;

/// <summary>Lower-case hexadecimal digits, the form of the ids that requests and traces go by.</summary>
internal static class HexDigits
{
    /// <summary>Of 64 bits.</summary>
    public const int Count = 16;

    /// <summary>Writes all sixteen digits of a number, leading zeros included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(ulong number, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, DigitsOf((uint)(number >> 32)));
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], DigitsOf((uint)number));
    }

    /// <summary>The digits of 32 bits, eight at once in the bytes of a word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong DigitsOf(uint bits)
    {
        ulong digits = bits;
        digits = (digits | (digits << 16)) & 0x0000FFFF0000FFFF;
        digits = (digits | (digits << 8)) & 0x00FF00FF00FF00FF;
        digits = (digits | (digits << 4)) & 0x0F0F0F0F0F0F0F0F;
        ulong areLetters = ((digits + 0x0606060606060606) >> 4) & 0x0101010101010101;
        return digits + 0x3030303030303030 + (areLetters * ('a' - '9' - 1));
    }
}
