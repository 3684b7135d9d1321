using System.Globalization;
using FnLb.Benchmarks.Reports;

namespace FnLb.Benchmarks.Throughput;

/// <summary>The results as tables and charts, in the form that docs/performance.md holds.</summary>
/// <param name="subject">Whose figure is divided by each other's.</param>
internal sealed class ResultTable(IReadOnlyList<RowResult> rows, string subject)
{
    private string Compared => $"{subject} / other";

    /// <summary>Those that have rows.</summary>
    public IEnumerable<ReportTable> Tables =>
        ((ReportTable[])[Loads, Paced, Figures]).Where(table => table.Rows.Count > 0);

    /// <summary>The same figures as lines, a place on the axis for each row.</summary>
    public IEnumerable<ReportChart> Charts
    {
        get
        {
            RowResult[] loads = [.. Of(WorkKind.Load, WorkKind.Loops)];
            if (loads.Length > 0)
            {
                yield return Chart("CPU for a request", "us", loads, m => m.CpuMicroseconds);
                yield return Chart("Requests a second", "1/s", loads, m => m.RequestsPerSecond);
                yield return Chart("Median latency at that", "ms", loads, m => m.P50Milliseconds);
            }

            RowResult[] paced = [.. Of(WorkKind.Paced)];
            if (paced.Length > 0)
            {
                yield return Chart("p50 in an open loop", "ms", paced, m => m.P50Milliseconds);
                yield return Chart("p99 in an open loop", "ms", paced, m => m.P99Milliseconds);
            }
        }
    }

    private ReportTable Loads => new(
        "Load in a closed loop",
        ["work", "proxy", "CPU us/request", "user", "kernel", "requests/s", "p50 ms", "p99 ms", Compared],
        Lines(Of(WorkKind.Load, WorkKind.Loops), (result, peer) =>
        [
            Cell(result, peer, m => m.CpuMicroseconds, "0.00"),
            Cell(result, peer, m => m.UserMicroseconds, "0.00"),
            Cell(result, peer, m => m.SystemMicroseconds, "0.00"),
            Cell(result, peer, m => m.RequestsPerSecond, "0"),
            Cell(result, peer, m => m.P50Milliseconds, "0.00"),
            Cell(result, peer, m => m.P99Milliseconds, "0.00"),
            Ratio(result, peer, m => m.Compared(result.Row.Kind)),
        ]));

    private ReportTable Paced => new(
        "Load in an open loop",
        ["work", "proxy", "requests/s", "CPU us/request", "p50 ms", "p99 ms", "of it the generator's",
            $"p50: {Compared}", $"p99: {Compared}"],
        Lines(Of(WorkKind.Paced), (result, peer) =>
        [
            Cell(result, peer, m => m.RequestsPerSecond, "0"),
            Cell(result, peer, m => m.CpuMicroseconds, "0.00"),
            Cell(result, peer, m => m.P50Milliseconds, "0.000"),
            Cell(result, peer, m => m.P99Milliseconds, "0.000"),
            Cell(result, peer, m => m.LateP99Milliseconds, "0.000"),
            Ratio(result, peer, m => m.P50Milliseconds),
            Ratio(result, peer, m => m.P99Milliseconds),
        ]));

    private ReportTable Figures => new(
        "Other figures",
        ["work", "proxy", "figure", Compared],
        Lines(Of(WorkKind.IdleConnections, WorkKind.FirstAnswer), (result, peer) =>
        [
            Number(result.Median(peer, m => m.Compared(result.Row.Kind)), "0")
                + (result.Row.Kind == WorkKind.FirstAnswer ? " ms" : " bytes"),
            Ratio(result, peer, m => m.Compared(result.Row.Kind)),
        ]));

    private static List<IReadOnlyList<string>> Lines(
        IEnumerable<RowResult> results, Func<RowResult, string, IReadOnlyList<string>> cells)
    {
        List<IReadOnlyList<string>> lines = [];
        foreach (RowResult result in results)
        {
            foreach (string peer in result.Peers)
            {
                long errors = result.Rounds(peer).Sum(measurement => measurement.Errors);
                string title = result.Row.Title + (errors > 0 ? $" ({errors} errors)" : "");
                lines.Add([title, peer, .. cells(result, peer)]);
            }
        }

        return lines;
    }

    private static ReportChart Chart(string title, string unit, RowResult[] results, Func<Measurement, double> figure)
    {
        string[] peers = [.. results.SelectMany(result => result.Peers).Distinct()];
        return new ReportChart(
            title, "work", unit, "words", [.. results.Select((_, index) => (double)index)],
            [.. peers.Select(peer => new ReportSeries(peer, [.. results.Select(result =>
                result.Peers.Contains(peer) ? (double?)result.Median(peer, figure) : null)]))])
        {
            XLabels = [.. results.Select(result => result.Row.Name)],
        };
    }

    // wrk tells no percentile above the median of pipelined requests: what was not measured stays empty.
    private static string Cell(RowResult result, string peer, Func<Measurement, double> figure, string format) =>
        result.Median(peer, figure) is > 0 and double median ? Number(median, format) : "";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private IEnumerable<RowResult> Of(params WorkKind[] kinds) =>
        rows.Where(result => kinds.Contains(result.Row.Kind));

    private string Ratio(RowResult result, string peer, Func<Measurement, double> figure) =>
        peer != subject && result.Peers.Contains(subject)
            ? Number(result.Ratio(subject, peer, figure), "0.00")
            : "";
}
