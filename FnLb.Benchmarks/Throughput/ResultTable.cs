using System.Globalization;
using System.Text;

namespace FnLb.Benchmarks.Throughput;

/// <summary>The results as text, in the form that docs/performance.md holds.</summary>
internal static class ResultTable
{
    private const string Subject = "fnlb";
    private const string Compared = "fnlb / proxy";

    public static string Format(IEnumerable<RowResult> rows)
    {
        StringBuilder text = new();
        AppendHead(
            text, "work", "proxy", "CPU us/request", "user", "kernel", "requests/s", "p50 ms", "p99 ms", Compared);
        foreach (RowResult result in rows.Where(result => result.Row.Kind == WorkKind.Load))
        {
            foreach (string peer in result.Peers)
            {
                text.AppendLine(LoadLine(result, peer));
            }
        }

        RowResult[] others = [.. rows.Where(result => result.Row.Kind != WorkKind.Load)];
        if (others.Length > 0)
        {
            AppendHead(text.AppendLine(), "work", "proxy", "figure", Compared);
        }

        foreach (RowResult result in others)
        {
            foreach (string peer in result.Peers)
            {
                double figure = result.Median(peer, measurement => measurement.Compared(result.Row.Kind));
                string shown = Number(figure, "0") + (result.Row.Kind == WorkKind.FirstAnswer ? " ms" : " bytes");
                text.AppendLine($"| {result.Row.Title} | {peer} | {shown} | {Ratio(result, peer)} |");
            }
        }

        return text.ToString();
    }

    private static string LoadLine(RowResult result, string peer)
    {
        string[] cells =
        [
            result.Row.Title,
            peer,
            Cell(m => m.CpuMicroseconds, "0.00"),
            Cell(m => m.UserMicroseconds, "0.00"),
            Cell(m => m.SystemMicroseconds, "0.00"),
            Cell(m => m.RequestsPerSecond, "0"),
            Cell(m => m.P50Milliseconds, "0.00"),
            Cell(m => m.P99Milliseconds, "0.00"),
            Ratio(result, peer),
        ];
        long errors = result.Rounds(peer).Sum(measurement => measurement.Errors);
        return $"| {string.Join(" | ", cells)} |{(errors > 0 ? $" {errors} errors" : "")}";

        // wrk tells no percentile above the median of pipelined requests: what was not measured stays empty.
        string Cell(Func<Measurement, double> figure, string format) =>
            result.Median(peer, figure) is > 0 and double median ? Number(median, format) : "";
    }

    private static void AppendHead(StringBuilder text, params string[] titles) => text
        .AppendLine($"| {string.Join(" | ", titles)} |")
        .AppendLine($"| {string.Join(" | ", titles.Select(_ => "---"))} |");

    private static string Ratio(RowResult result, string peer) =>
        peer != Subject && result.Peers.Contains(Subject) ? Number(result.Ratio(Subject, peer), "0.00") : "";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
