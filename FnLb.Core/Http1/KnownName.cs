using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FnLb.Core.Http1;

/// <summary>Compares names and options with those that are known here, whatever their case (RFC 9110 section
/// 5.1).</summary>
internal static class KnownName
{
    /// <param name="text">Without controls but HTAB.</param>
    /// <param name="known">A literal of 2 to 24 lower-case letters, digits and hyphens.</param>
    /// <remarks>Inlined, so that the length of the literal decides what is compared: two or three words. To set the bit
    /// that makes a letter lower-case cannot make one of these from any other byte that is no control.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> known)
    {
        Debug.Assert(known.Length is >= 2 and <= 24, "No more is compared.");
        if (text.Length != known.Length)
        {
            return false;
        }

        ref byte left = ref MemoryMarshal.GetReference(text);
        ref byte right = ref MemoryMarshal.GetReference(known);
        int last = known.Length;
        return last switch
        {
            > 16 => (Differs8(ref left, ref right, 0) | Differs8(ref left, ref right, 8)
                | Differs8(ref left, ref right, last - 8)) == 0,
            >= 8 => (Differs8(ref left, ref right, 0) | Differs8(ref left, ref right, last - 8)) == 0,
            >= 4 => (Differs4(ref left, ref right, 0) | Differs4(ref left, ref right, last - 4)) == 0,
            _ => (Differs2(ref left, ref right, 0) | Differs2(ref left, ref right, last - 2)) == 0,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Differs8(ref byte left, ref byte right, int offset) =>
        (Read<ulong>(ref left, offset) | 0x2020202020202020) ^ Read<ulong>(ref right, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Differs4(ref byte left, ref byte right, int offset) =>
        (Read<uint>(ref left, offset) | 0x20202020) ^ Read<uint>(ref right, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Differs2(ref byte left, ref byte right, int offset) =>
        (Read<ushort>(ref left, offset) | 0x2020) ^ Read<ushort>(ref right, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Read<T>(ref byte start, int offset) => Unsafe.ReadUnaligned<T>(ref Unsafe.Add(ref start, offset));
}
