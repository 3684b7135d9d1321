using System.Net;
using System.Text;
using System.Text.Json;

namespace FnLb.Benchmarks.Reports;

/// <summary>Tables and charts as one HTML file that needs no other, now or in years.</summary>
internal sealed record ReportPage
{
    public required string Title { get; init; }

    /// <summary>What was measured, with what and on what: sentences.</summary>
    public required IReadOnlyList<string> Facts { get; init; }

    public required IReadOnlyList<ReportTable> Tables { get; init; }

    public IReadOnlyList<ReportChart> Charts { get; init; } = [];

    public void Write(string path) => File.WriteAllText(path, ToHtml());

    public string ToHtml()
    {
        StringBuilder body = new();
        body.Append("<h1>").Append(Text(Title)).Append("</h1>\n");
        foreach (string fact in Facts)
        {
            body.Append("<p>").Append(Text(fact)).Append("</p>\n");
        }

        foreach (ReportTable table in Tables)
        {
            body.Append("<h2>").Append(Text(table.Title)).Append("</h2>\n<div class=\"scroll\"><table>\n<tr>");
            body.AppendJoin("", table.Columns.Select(cell => $"<th>{Text(cell)}</th>")).Append("</tr>\n");
            foreach (IReadOnlyList<string> row in table.Rows)
            {
                body.Append("<tr>").AppendJoin("", row.Select(cell => $"<td>{Text(cell)}</td>")).Append("</tr>\n");
            }

            body.Append("</table></div>\n");
        }

        // The serializer writes "<" as an escape: data cannot end the element that holds it.
        string charts = JsonSerializer.Serialize(Charts, ReportJson.Default.IReadOnlyListReportChart);
        return Resource("report.html")
            .Replace("@TITLE@", Text(Title), StringComparison.Ordinal)
            .Replace("@PLOT_STYLE@", Resource("uPlot.min.css"), StringComparison.Ordinal)
            .Replace("@STYLE@", Resource("report.css"), StringComparison.Ordinal)
            .Replace("@PLOT_LICENCE@", Resource("uPlot.LICENSE"), StringComparison.Ordinal)
            .Replace("@PLOT_SCRIPT@", Resource("uPlot.iife.min.js"), StringComparison.Ordinal)
            .Replace("@SCRIPT@", Resource("report.js"), StringComparison.Ordinal)
            .Replace("@BODY@", body.ToString(), StringComparison.Ordinal)
            .Replace("@CHARTS@", charts, StringComparison.Ordinal);
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Resource(string name)
    {
        using Stream stream = typeof(ReportPage).Assembly.GetManifestResourceStream($"report/{name}")
            ?? throw new InvalidOperationException($"{name} is not in the executable");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
