using System.Buffers.Binary;

namespace FnLb.Core.Proxy;

/// <summary>
/// Names for requests that come without X-Request-Id: a random half that is this loop's, and a count. Unique as long as
/// 64 random bits are.
/// </summary>
internal sealed class RequestIds
{
    private const int HalfBytes = sizeof(ulong);

    private readonly byte[] _text = new byte[4 * HalfBytes];
    private ulong _last;

    // Names are no secrets, and a generator for secrets would load OpenSSL: 4 MB in a process that may never need it.
    public RequestIds()
    {
        Span<byte> random = stackalloc byte[HalfBytes];
        Random.Shared.NextBytes(random);
        _ = Convert.TryToHexStringLower(random, _text, out _);
    }

    /// <summary>A number that was not given before.</summary>
    public ulong Next() => ++_last;

    /// <summary>32 lower-case hexadecimal digits; valid until the next call.</summary>
    public ReadOnlySpan<byte> TextOf(ulong number)
    {
        Span<byte> count = stackalloc byte[HalfBytes];
        BinaryPrimitives.WriteUInt64BigEndian(count, number);
        _ = Convert.TryToHexStringLower(count, _text.AsSpan(2 * HalfBytes), out _);
        return _text;
    }
}
