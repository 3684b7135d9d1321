using System.Globalization;
using FnLb.Benchmarks.Reports;

namespace FnLb.Benchmarks.Drive;

/// <summary>A run as tables and charts.</summary>
internal sealed class DriveView(DriveReport report)
{
    public ReportTable Latencies { get; } = new(
        "Latencies in ms, from when a call was due",
        ["load", "answers/s", .. Percentiles.Shown.Select(percentile => $"p{Text(percentile, "0.##")}"),
            "mean", "max", "MB/s"],
        [.. report.Steps.Select(step => (IReadOnlyList<string>)
        [
            Name(step),
            Text(step.AnswersPerSecond, "N0"),
            .. Percentiles.Shown.Select(percentile => Text(step.Quantile(percentile), "0.000")),
            Text(step.MeanMilliseconds, "0.000"),
            Text(step.MaxMilliseconds, "0.000"),
            Text(step.BytesReceived / step.Seconds / 1e6, "0.0"),
        ])]);

    public ReportTable Outcomes { get; } = new(
        "What became of the calls",
        ["load", "statuses", "after the end", "without an answer", "not sent", "generator: CPU us/answer",
            "late at p99, ms"],
        [.. report.Steps.Select(step => (IReadOnlyList<string>)
        [
            Name(step),
            Counts(step.Statuses),
            Text(step.AnswersAfterEnd, "N0"),
            Counts(step.Errors),
            Text(step.Unsent, "N0"),
            Text(step.GeneratorCpuMicroseconds, "0.0"),
            step.Rate is null ? "" : Text(step.GeneratorLateP99Milliseconds, "0.000"),
        ])]);

    /// <summary>What to know before the figures are believed; empty when there is nothing.</summary>
    public IReadOnlyList<string> Warnings { get; } =
    [
        .. report.IsInterrupted
            ? (string[])["Interrupted: the last step is cut short, and calls under way were not waited for."]
            : [],
        .. report.Steps.Where(step => step.Unsent > 0).Select(step =>
            $"{Name(step)}: {Text(step.Unsent, "N0")} calls were due and never sent; try more connections, or a lower "
                + "rate."),
        .. report.Steps.Where(step => step.Rate is not null && step.AnswersAfterEnd > step.Connections).Select(step =>
            $"{Name(step)}: {Text(step.AnswersAfterEnd, "N0")} answers came after the end: calls were due faster than "
                + "answered, and the latencies are those of a queue that grows."),
        .. report.Steps.Where(step => step.GeneratorLateP99Milliseconds > step.Quantile(99) / 2).Select(step =>
            $"{Name(step)}: half of p99 is the generator's own; give it more threads, or processors of its own."),
    ];

    public ReportPage ToPage() => new()
    {
        Title = $"Load on {string.Join(", ", report.Urls)}",
        Facts = [$"fnlb-bench drive {report.Arguments}", $"{report.Machine}", .. Warnings],
        Tables = [Latencies, Outcomes],
        Charts =
        [
            new ReportChart(
                "Latency by percentile", "percentile", "ms", "percentile", report.CurvePercentiles,
                [.. report.Steps.Select(step => new ReportSeries(
                    Name(step), step.CurveMilliseconds))]),
            OverTime("Answers a second", "answers/s", interval => interval.AnswersPerSecond),
            OverTime("Median latency", "ms", interval => interval.P50Milliseconds),
            OverTime("p99 latency", "ms", interval => interval.P99Milliseconds),
            OverTime("Calls without an answer", "calls", interval => interval.Errors),
        ],
    };

    /// <summary>How a step is called.</summary>
    public static string Name(StepResult step) => step.Rate is double rate
        ? $"{Text(rate, "N0")}/s on {Text(step.Connections, "N0")} connections"
        : $"closed, {Text(step.Connections, "N0")} connections";

    private ReportChart OverTime(string title, string unit, Func<IntervalResult, double?> figure)
    {
        double[] x = [.. report.Steps.SelectMany(step => step.Intervals).Select(interval => interval.AtSeconds)];
        int before = 0;
        List<ReportSeries> series = [];
        foreach (StepResult step in report.Steps)
        {
            double?[] y = new double?[x.Length];
            for (int index = 0; index < step.Intervals.Count; index++)
            {
                y[before + index] = figure(step.Intervals[index]);
            }

            before += step.Intervals.Count;
            series.Add(new ReportSeries(Name(step), y));
        }

        return new ReportChart(title, "seconds", unit, "linear", x, series);
    }

    private static string Counts(IReadOnlyDictionary<string, long> counts) => counts.Count == 0
        ? "0"
        : string.Join(", ", counts.Select(pair => $"{pair.Key}: {Text(pair.Value, "N0")}"));

    // What was never measured is no 0.
    private static string Text(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
