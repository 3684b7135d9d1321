namespace FnLb.Benchmarks.Reports;

/// <summary>A table, for the terminal as well as for the page.</summary>
internal sealed record ReportTable(
    string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>As Markdown, which reads as it is too.</summary>
    public string ToMarkdown() => string.Concat(
        ((IEnumerable<IReadOnlyList<string>>)[Columns, [.. Columns.Select(_ => "---")], .. Rows])
            .Select(cells => $"| {string.Join(" | ", cells)} |\n"));
}
