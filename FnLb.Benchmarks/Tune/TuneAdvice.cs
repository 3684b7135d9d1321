using FnLb.Benchmarks.Throughput;

namespace FnLb.Benchmarks.Tune;

/// <summary>Which of the settings that were tried to use.</summary>
internal static class TuneAdvice
{
    /// <summary>
    /// A setting must be better than the one before it by so much: of two that are alike the default, or the one with
    /// fewer loops, is to be preferred.
    /// </summary>
    public const double GainMin = 0.05;

    // And better in every round but one of ten: on a machine that is not quiet, noise alone reaches the gain.
    private const double LostRoundsMax = 0.1;

    // Nodes and load generator are never busy all the time: who waits for whom shifts within a round.
    private const double LoadBusyMax = 0.9;

    /// <param name="names">Of the settings, the preferred first, as in the results.</param>
    /// <returns>
    /// The chosen name, never one with calls that failed but for the first; null when more answers are to decide, and
    /// with one of the settings nodes or load generator could give or take no more.
    /// </returns>
    public static string? Choose(TuneKind kind, RowResult result, IReadOnlyList<string> names)
    {
        if (kind.IsThroughput && names.Any(name => result.Median(name, m => m.LoadBusyShare) > LoadBusyMax))
        {
            return null;
        }

        string chosen = names[0];
        foreach (string name in names.Skip(1))
        {
            if (result.Rounds(name).Any(measurement => measurement.Errors > 0))
            {
                continue;
            }

            int lost = result.Rounds(name).Zip(result.Rounds(chosen))
                .Count(pair => kind.Cost(pair.First) >= kind.Cost(pair.Second));
            bool isSteady = lost <= LostRoundsMax * result.Rounds(name).Count;
            if (isSteady && result.Ratio(name, chosen, kind.Cost) <= 1 - GainMin)
            {
                chosen = name;
            }
        }

        return chosen;
    }
}
