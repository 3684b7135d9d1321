namespace FnLb.Benchmarks.Throughput;

/// <summary>All rounds of one row, by the name of the proxy.</summary>
internal sealed class RowResult(WorkRow row)
{
    private readonly Dictionary<string, List<Measurement>> _rounds = [];

    public WorkRow Row => row;

    /// <summary>Calls that failed, of all proxies in all rounds.</summary>
    public long Errors => _rounds.Values.Sum(rounds => rounds.Sum(measurement => measurement.Errors));

    public IReadOnlyCollection<string> Peers => _rounds.Keys;

    public IReadOnlyList<Measurement> Rounds(string peer) => _rounds[peer];

    public void Add(string peer, Measurement measurement)
    {
        if (!_rounds.TryGetValue(peer, out List<Measurement>? rounds))
        {
            _rounds[peer] = rounds = [];
        }

        rounds.Add(measurement);
    }

    /// <summary>The median over the rounds of one figure.</summary>
    public double Median(string peer, Func<Measurement, double> figure) => Median(_rounds[peer].Select(figure));

    /// <summary>
    /// How the compared figure of one proxy relates to another's: the ratio of each round, of which the median.
    /// </summary>
    public double Ratio(string peer, string other) =>
        Ratio(peer, other, measurement => measurement.Compared(row.Kind));

    /// <summary>The same for any figure.</summary>
    public double Ratio(string peer, string other, Func<Measurement, double> figure) =>
        Median(_rounds[peer].Zip(_rounds[other]).Select(pair => figure(pair.First) / figure(pair.Second)));

    /// <summary>The middle one; of an even number the mean of the two there.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
