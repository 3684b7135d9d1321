using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FnLb.Benchmarks.Reports;

/// <summary>
/// Reads <c>--name value</c> and <c>--name=value</c> into a record of options; the same with one dash.
/// </summary>
internal static class ArgumentReader
{
    /// <param name="options">What holds where nothing is said; then what was asked for.</param>
    /// <param name="with">The options with one more argument; null when there is no such argument or value.</param>
    /// <param name="switches">Names of arguments that take no value; they are given an empty one.</param>
    /// <param name="rest">What is no argument of a name.</param>
    /// <param name="error">What is wrong with the first wrong argument.</param>
    public static bool TryRead<T>(
        IReadOnlyList<string> args,
        ref T options,
        Func<T, string, string, T?> with,
        IReadOnlyCollection<string> switches,
        out List<string> rest,
        [NotNullWhen(false)] out string? error)
        where T : class
    {
        rest = [];
        error = null;
        for (int i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith('-') || args[i].Length == 1)
            {
                rest.Add(args[i]);
                continue;
            }

            string[] parts = args[i].Split('=', 2);
            string name = parts[0].TrimStart('-');
            if (parts.Length == 2 && switches.Contains(name))
            {
                error = $"--{name} takes no value";
                return false;
            }

            string value = parts.Length == 2 ? parts[1]
                : switches.Contains(name) || i + 1 == args.Count ? ""
                : args[++i];
            if (with(options, name, value) is not T next)
            {
                error = $"--{name} \"{value}\": no such argument or no such value; --help tells which there are";
                return false;
            }

            options = next;
        }

        return true;
    }

    public static bool IsWithin(string text, int min, int max, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number >= min && number <= max;

    /// <param name="text">A number of seconds, or with its unit: <c>500ms</c>, <c>30s</c>, <c>2m</c>.</param>
    public static bool IsDuration(string text, TimeSpan max, out TimeSpan duration)
    {
        (string digits, double seconds) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 0.001),
            _ when text.EndsWith('s') => (text[..^1], 1),
            _ when text.EndsWith('m') => (text[..^1], 60),
            _ => (text, 1.0),
        };
        bool isNumber = double.TryParse(
            digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number);
        duration = isNumber && number * seconds <= max.TotalSeconds ? TimeSpan.FromSeconds(number * seconds) : default;
        return isNumber && number * seconds <= max.TotalSeconds;
    }

    /// <param name="text">Bytes, or with their unit: <c>4k</c>, <c>1m</c> (1,024 and 1,048,576).</param>
    public static bool IsBytes(string text, int max, out int bytes)
    {
        string lower = text.ToLowerInvariant();
        int unit = lower.EndsWith('k') ? 1024 : lower.EndsWith('m') ? 1024 * 1024 : 1;
        bool isNumber = IsWithin(unit == 1 ? lower : lower[..^1], 0, max / unit, out int number);
        bytes = isNumber ? number * unit : 0;
        return isNumber;
    }
}
