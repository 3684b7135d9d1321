namespace FnLb.Benchmarks.Reports;

/// <summary>Lines over one x-axis.</summary>
/// <param name="XKind"><c>linear</c>; <c>percentile</c> stretches the high ones; <c>words</c> takes the labels.</param>
internal sealed record ReportChart(
    string Title, string XTitle, string YTitle, string XKind, IReadOnlyList<double> X,
    IReadOnlyList<ReportSeries> Series)
{
    /// <summary>What stands at 0, 1, 2 and so on, on an axis of words.</summary>
    public IReadOnlyList<string> XLabels { get; init; } = [];

    /// <summary>Whether y grows tenfold by equal steps.</summary>
    public bool IsLogarithmic { get; init; }
}
