using System.Diagnostics;
using System.Globalization;

namespace FnLb.Core.Telemetry;

/// <summary>The time of day as lines of the access log have it; on one loop's thread only.</summary>
/// <remarks>
/// Writing a date costs more than the rest of a line, so lines of one millisecond (of one second, as text) share it. It
/// comes from the loop's own clock, which is set by the clock of the machine once a second.
/// </remarks>
public sealed class LogClock(AccessLogFormat format, TimeProvider time)
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const string JsonPattern = "yyyy-MM-ddTHH:mm:ss.fffZ";
    private const string TextPattern = "dd/MMM/yyyy:HH:mm:ss";

    private readonly byte[] _text = new byte[JsonPattern.Length];
    private readonly long _unitNanoseconds = format == AccessLogFormat.Json ? 1_000_000 : NanosecondsPerSecond;
    private int _length;
    private long _unit = -1;
    private long _offsetNanoseconds;
    private long _setNanoseconds;

    /// <param name="nowNanoseconds">By the loop's clock.</param>
    /// <returns>Valid until the next call.</returns>
    public ReadOnlySpan<byte> TextAt(long nowNanoseconds)
    {
        if (_unit < 0 || nowNanoseconds - _setNanoseconds >= NanosecondsPerSecond)
        {
            _setNanoseconds = nowNanoseconds;
            long sinceEpoch = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
            _offsetNanoseconds = sinceEpoch - nowNanoseconds;
        }

        long unit = (nowNanoseconds + _offsetNanoseconds) / _unitNanoseconds;
        if (unit != _unit)
        {
            _unit = unit;
            Write(DateTime.UnixEpoch.AddTicks(unit * (_unitNanoseconds / TimeSpan.NanosecondsPerTick)));
        }

        return _text.AsSpan(0, _length);
    }

    private void Write(DateTime now)
    {
        string pattern = format == AccessLogFormat.Json ? JsonPattern : TextPattern;
        bool fits = now.TryFormat(_text, out _length, pattern, CultureInfo.InvariantCulture);
        Debug.Assert(fits, "It has the pattern's length.");
    }
}
