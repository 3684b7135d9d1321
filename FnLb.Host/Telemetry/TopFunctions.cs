using FnLb.Core.Telemetry;

namespace FnLb.Host.Telemetry;

/// <summary>Which functions have histograms of their own.</summary>
internal static class TopFunctions
{
    // Whoever is in stays in, unless another is called half as much again: no series comes and goes by chance.
    private const double IncumbentBonus = 1.5;

    /// <summary>Those called most; without calls enough, those that are in stay.</summary>
    public static HashSet<string> Choose(IEnumerable<StatsRow> rows, IReadOnlySet<string> incumbents, int topMax)
    {
        Dictionary<string, double> scores = incumbents.ToDictionary(name => name, _ => 0.0, StringComparer.Ordinal);
        foreach (StatsRow row in rows.Where(row => row.Function != LoopMeter.OtherName))
        {
            double score = row.Calls * (incumbents.Contains(row.Function) ? IncumbentBonus : 1);
            scores[row.Function] = scores.GetValueOrDefault(row.Function) + score;
        }

        return scores.OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(topMax)
            .Select(pair => pair.Key)
            .ToHashSet(StringComparer.Ordinal);
    }
}
