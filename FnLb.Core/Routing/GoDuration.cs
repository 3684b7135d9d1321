namespace FnLb.Core.Routing;

/// <summary>Durations as Go prints them: <c>1.5s</c>, <c>300µs</c>, <c>2m3.5s</c>, <c>1h</c>, <c>0</c>.</summary>
internal static class GoDuration
{
    /// <returns>False for anything that is no such text, is negative, or exceeds 2^63-1 ns (292 years).</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out long nanoseconds) => throw new NotImplementedException();
}
