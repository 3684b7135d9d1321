using FnLb.Benchmarks.Throughput;

namespace FnLb.Benchmarks.Tune;

/// <summary>Which of the settings that were tried to use.</summary>
internal static class TuneAdvice
{
    /// <summary>
    /// A setting must be better than the one before it by so much: less is noise, and of two that are alike the
    /// default, or the one with fewer loops, is to be preferred.
    /// </summary>
    public const double GainMin = 0.05;

    /// <param name="names">Of the settings, the preferred first, as in the results.</param>
    /// <returns>The chosen name.</returns>
    public static string Choose(TuneKind kind, RowResult result, IReadOnlyList<string> names)
    {
        string chosen = names[0];
        foreach (string name in names.Skip(1))
        {
            if (result.Ratio(name, chosen, kind.Cost) <= 1 - GainMin)
            {
                chosen = name;
            }
        }

        return chosen;
    }
}
