namespace FnLb.Core.Http1;

/// <summary>A set of field names in 64 bits that may claim a name it was not given, never deny one it was.</summary>
/// <remarks>Keeps the names a Connection field nominated until the trailers come, when the head's bytes are gone. A
/// false hit drops a trailer, which any recipient may do (RFC 9110 section 6.5.1).</remarks>
internal readonly record struct NameFilter(ulong Bits)
{
    public NameFilter With(ReadOnlySpan<byte> name) => new(Bits | Bit(name));

    public bool MayContain(ReadOnlySpan<byte> name) => (Bits & Bit(name)) != 0;

    // FNV-1a over the lower-cased name.
    private static ulong Bit(ReadOnlySpan<byte> name)
    {
        uint hash = 2166136261;
        foreach (byte b in name)
        {
            hash = (hash ^ (uint)(b | 0x20)) * 16777619;
        }

        // Names that differ in their last letter only differ in the low bits.
        return 1UL << (int)((hash * 0x9E3779B1) >> 26);
    }
}
