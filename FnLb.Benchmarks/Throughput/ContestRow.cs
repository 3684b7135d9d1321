namespace FnLb.Benchmarks.Throughput;

/// <summary>A row of a <see cref="ContestReport"/>.</summary>
/// <param name="Rounds">Every measurement, by the name of the proxy.</param>
internal sealed record ContestRow(
    string Name, string Title, IReadOnlyDictionary<string, IReadOnlyList<Measurement>> Rounds);
