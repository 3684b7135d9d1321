using FnLb.Core.Http1;

namespace FnLb.Core.Proxy;

/// <summary>
/// Names for requests that come without X-Request-Id: a random half that is this loop's, and a count. Unique as long as
/// 64 random bits are.
/// </summary>
internal sealed class RequestIds
{
    private readonly byte[] _text = new byte[2 * HexDigits.Count];
    private ulong _last;

    // Names are no secrets, and a generator for secrets would load OpenSSL: 4 MB in a process that may never need it.
    public RequestIds() =>
        HexDigits.Write((ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue), _text);

    /// <summary>A number that was not given before.</summary>
    public ulong Next() => ++_last;

    /// <summary>32 lower-case hexadecimal digits; valid until the next call.</summary>
    public ReadOnlySpan<byte> TextOf(ulong number)
    {
        HexDigits.Write(number, _text.AsSpan(HexDigits.Count));
        return _text;
    }
}
