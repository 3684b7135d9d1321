using System.Globalization;

namespace FnLb.Host.Demo;

/// <summary>
/// Writes a time span as Go's <c>time.Duration</c> prints one below a minute: <c>1.5s</c>, <c>502.0941ms</c>,
/// <c>300µs</c>.
/// </summary>
internal static class GoDurationText
{
    public static string Format(TimeSpan duration) => duration switch
    {
        { Ticks: 0 } => "0s",
        { TotalSeconds: >= 60 } => $"{(long)duration.TotalMinutes}m{Trim(duration.TotalSeconds % 60)}s",
        { TotalSeconds: >= 1 } => $"{Trim(duration.TotalSeconds)}s",
        { TotalMilliseconds: >= 1 } => $"{Trim(duration.TotalMilliseconds)}ms",
        _ => $"{Trim(duration.TotalMicroseconds)}µs",
    };

    private static string Trim(double number) => number.ToString("0.#######", CultureInfo.InvariantCulture);
}
