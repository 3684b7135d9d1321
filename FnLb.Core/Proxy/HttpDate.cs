using System.Globalization;

namespace FnLb.Core.Proxy;

/// <summary>Now as IMF-fixdate (RFC 9110 section 5.6.7), formatted at most once a second. One per loop.</summary>
internal sealed class HttpDate
{
    private readonly byte[] _text = new byte[29];
    private long _readMilliseconds = -1;
    private long _second = -1;

    /// <summary>Valid until the next call.</summary>
    /// <param name="loopMilliseconds">The loop's time: the clock is read when that has moved on.</param>
    public ReadOnlySpan<byte> TextAt(long loopMilliseconds)
    {
        if (loopMilliseconds != _readMilliseconds)
        {
            _readMilliseconds = loopMilliseconds;
            Read();
        }

        return _text;
    }

    private void Read()
    {
        DateTime now = DateTime.UtcNow;
        long second = now.Ticks / TimeSpan.TicksPerSecond;
        if (second != _second)
        {
            _second = second;
            _ = now.TryFormat(_text, out _, "R", CultureInfo.InvariantCulture);
        }
    }
}
