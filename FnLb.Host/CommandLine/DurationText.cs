using System.Text;
using FnLb.Core.Routing;

namespace FnLb.Host.CommandLine;

/// <summary>Durations of the command line: as Go writes them, or a plain number, which is seconds.</summary>
internal static class DurationText
{
    private const int NanosecondsPerTick = 100;

    /// <returns>False for anything else, for negative durations, and for what exceeds 292 years.</returns>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        bool hasUnit = text.Length == 0 || char.IsAsciiLetter(text[^1]);
        string withUnit = hasUnit ? text : text + "s";
        bool isDuration = GoDuration.TryParse(Encoding.UTF8.GetBytes(withUnit), out long nanoseconds);
        duration = TimeSpan.FromTicks(nanoseconds / NanosecondsPerTick);
        return isDuration;
    }
}
