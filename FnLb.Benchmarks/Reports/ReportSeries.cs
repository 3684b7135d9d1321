namespace FnLb.Benchmarks.Reports;

/// <param name="Y">One for each place on the x-axis; null where there is nothing.</param>
internal sealed record ReportSeries(string Label, IReadOnlyList<double?> Y);
