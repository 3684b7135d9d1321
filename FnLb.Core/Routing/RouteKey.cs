using System.Buffers.Binary;

namespace FnLb.Core.Routing;

/// <summary>64-bit hash of what names a function; equal in every process and on every machine.</summary>
/// <remarks>
/// Multiply-and-fold over 8-byte words, as in wyhash, finished with the 64-bit mix of MurmurHash3. Not keyed: whoever
/// chooses paths can choose where they go anyway. It must never change: a changed order of the nodes empties every warm
/// container in the cluster.
/// </remarks>
public readonly record struct RouteKey(ulong Hash)
{
    private const ulong Seed = 0x9E3779B97F4A7C15;
    private const ulong WordFactor = 0xA0761D6478BD642F;
    private const ulong TailFactor = 0xE7037ED1A0B428DB;
    private const ulong FirstMixFactor = 0xFF51AFD7ED558CCD;
    private const ulong SecondMixFactor = 0xC4CEB9FE1A85EC53;

    public static RouteKey Of(ReadOnlySpan<byte> bytes)
    {
        ulong hash = Seed ^ ((ulong)bytes.Length * TailFactor);
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes), WordFactor);
            bytes = bytes[sizeof(ulong)..];
        }

        ulong tail = 0;
        for (int index = bytes.Length - 1; index >= 0; index--)
        {
            tail = (tail << 8) | bytes[index];
        }

        return new RouteKey(Mix(Fold(hash ^ tail, TailFactor) ^ hash));
    }

    /// <summary>A bijection in which every input bit moves every output bit.</summary>
    internal static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 33)) * FirstMixFactor;
        value = (value ^ (value >> 33)) * SecondMixFactor;
        return value ^ (value >> 33);
    }

    /// <summary>
    /// What orders nodes for this route: the upper bits are as good as random, and independent of those for other keys.
    /// </summary>
    /// <remarks>Half of <see cref="Mix"/>: both keys are mixed already, and the lower bits decide nothing.</remarks>
    internal ulong With(ulong key)
    {
        ulong value = (Hash ^ key) * FirstMixFactor;
        return (value ^ (value >> 32)) * SecondMixFactor;
    }

    private static ulong Fold(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }
}
