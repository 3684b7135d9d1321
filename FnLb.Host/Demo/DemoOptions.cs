using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FnLb.Host.Demo;

/// <summary>What <c>fnlb demo</c> was asked for.</summary>
internal sealed record DemoOptions
{
    private const int SecondsMax = 24 * 60 * 60;
    private const int RateMax = 1000;

    public const string Usage = """
        usage: fnlb demo [--seconds N] [--rate N]

        Starts three sample nodes and the load balancer in front of them on loopback, sends a light stream of
        calls through it, and prints one summary line a second. Ctrl-C ends it.

          --seconds N   end after N seconds, 1 to 86400; exit code 1 if a call failed (default: until a signal)
          --rate N      calls per second, 1 to 1000 (default 60)
        """;

    /// <summary>Null: until a signal comes.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Mean calls per second.</summary>
    public int Rate { get; init; } = 60;

    public bool ShowsHelp { get; init; }

    /// <summary>Reads <c>--name N</c>, <c>--name=N</c> and the same with one dash.</summary>
    /// <param name="errors">One line for each wrong argument, with flag, value and rule; empty on success.</param>
    public static bool TryParse(
        string[] args, [NotNullWhen(true)] out DemoOptions? options, out IReadOnlyList<string> errors)
    {
        DemoOptions parsed = new();
        List<string> wrong = [];
        for (int i = 0; i < args.Length; i++)
        {
            string[] parts = args[i].Split('=', 2);
            string name = parts[0].TrimStart('-');
            if (name is "h" or "help")
            {
                parsed = parsed with { ShowsHelp = true };
                continue;
            }

            string value = parts.Length == 2 ? parts[1] : i + 1 < args.Length ? args[++i] : "";
            switch (name)
            {
                case "seconds" when IsWithin(value, SecondsMax, out int seconds):
                    parsed = parsed with { Duration = TimeSpan.FromSeconds(seconds) };
                    break;
                case "rate" when IsWithin(value, RateMax, out int rate):
                    parsed = parsed with { Rate = rate };
                    break;
                case "seconds":
                    wrong.Add($"-seconds \"{value}\": must be a whole number from 1 to {SecondsMax}");
                    break;
                case "rate":
                    wrong.Add($"-rate \"{value}\": must be a whole number from 1 to {RateMax}");
                    break;
                default:
                    wrong.Add($"\"{args[i]}\": unknown argument of demo; usage: fnlb demo [--seconds N] [--rate N]");
                    break;
            }
        }

        errors = wrong;
        options = wrong.Count == 0 ? parsed : null;
        return options is not null;
    }

    private static bool IsWithin(string text, int max, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= 1 && value <= max;
}
