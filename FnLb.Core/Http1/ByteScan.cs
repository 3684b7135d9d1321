using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FnLb.Core.Http1;

/// <summary>The searches that take a head apart, sixteen bytes at a time and inlined: its parts are so short that to
/// call the general search of a span costs more than the search.</summary>
internal static class ByteScan
{
    /// <returns>Index of the first byte from <paramref name="start"/> on that is no tchar; the length of the input when
    /// there is none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EndOfToken(ReadOnlySpan<byte> input, int start) => EndOf(input, start, ByteSets.TokenRows);

    /// <returns>Index of the first byte from <paramref name="start"/> on that may not stand in a request target; the
    /// length of the input when there is none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EndOfTarget(ReadOnlySpan<byte> input, int start) => EndOf(input, start, ByteSets.TargetRows);

    /// <returns>Index of the first byte from <paramref name="start"/> on that ends a field value or must not be in one:
    /// a control but HTAB (RFC 9110 section 5.5); the length of the input when there is none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EndOfValue(ReadOnlySpan<byte> input, int start)
    {
        Vector128<byte> lastControl = Vector128.Create((byte)0x1F);
        Vector128<byte> delete = Vector128.Create((byte)0x7F);
        Vector128<byte> tab = Vector128.Create((byte)'\t');
        int index = start;
        for (; index <= input.Length - Vector128<byte>.Count; index += Vector128<byte>.Count)
        {
            Vector128<byte> bytes = Load(input, index);
            Vector128<byte> controls = Vector128.Equals(Vector128.Min(bytes, lastControl), bytes);
            controls = Vector128.AndNot(controls, Vector128.Equals(bytes, tab)) | Vector128.Equals(bytes, delete);
            uint ends = controls.ExtractMostSignificantBits();
            if (ends != 0)
            {
                return index + BitOperations.TrailingZeroCount(ends);
            }
        }

        while (index < input.Length && input[index] is (>= 0x20 and not 0x7F) or (byte)'\t')
        {
            index++;
        }

        return index;
    }

    /// <returns>Index of the first byte from <paramref name="start"/> on that has the value; <paramref name="end"/>
    /// when there is none before it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndexOf(ReadOnlySpan<byte> input, int start, int end, byte value)
    {
        Vector128<byte> wanted = Vector128.Create(value);
        int index = start;
        for (; index < end && index <= input.Length - Vector128<byte>.Count; index += Vector128<byte>.Count)
        {
            uint found = Vector128.Equals(Load(input, index), wanted).ExtractMostSignificantBits();
            if (found != 0)
            {
                return int.Min(index + BitOperations.TrailingZeroCount(found), end);
            }
        }

        while (index < end && input[index] != value)
        {
            index++;
        }

        return int.Min(index, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int EndOf(ReadOnlySpan<byte> input, int start, Vector128<byte> rows)
    {
        int index = start;
        for (; index <= input.Length - Vector128<byte>.Count; index += Vector128<byte>.Count)
        {
            uint others = Others(Load(input, index), rows);
            if (others != 0)
            {
                return index + BitOperations.TrailingZeroCount(others);
            }
        }

        return EndOfRest(input, index, rows);
    }

    // The last few bytes of what has arrived.
    private static int EndOfRest(ReadOnlySpan<byte> input, int start, Vector128<byte> rows)
    {
        int index = start;
        while (index < input.Length && input[index] < 0x80 && (rows[input[index] & 15] & 1 << (input[index] >> 4)) != 0)
        {
            index++;
        }

        return index;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Load(ReadOnlySpan<byte> input, int index) =>
        Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(input), (nuint)index);

    /// <returns>A bit for each byte that is not in the set.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Others(Vector128<byte> bytes, Vector128<byte> rows)
    {
        // A row for the lower four bits, a column for the upper; bytes that are not ASCII have no row.
        Vector128<byte> columns = Vector128.Create(0x8040201008040201UL, 0UL).AsByte();
        Vector128<byte> row = Look(rows, bytes & Vector128.Create((byte)0x8F));
        Vector128<byte> column = Look(columns, bytes >> 4);
        return Vector128.Equals(row & column, Vector128<byte>.Zero).ExtractMostSignificantBits();
    }

    // The executable is compiled for every x86-64 machine and asks for SSSE3 as it runs; to do so here is what makes
    // the compiler use it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Look(Vector128<byte> table, Vector128<byte> indices) =>
        Ssse3.IsSupported ? Ssse3.Shuffle(table, indices) : Vector128.ShuffleNative(table, indices);
}
