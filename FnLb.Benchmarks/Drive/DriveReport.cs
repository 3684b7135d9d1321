using System.Text.Json;
using FnLb.Benchmarks.Reports;

namespace FnLb.Benchmarks.Drive;

/// <summary>All that a run came to, as <c>--json</c> writes it.</summary>
internal sealed record DriveReport
{
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>The arguments of the run.</summary>
    public required string Arguments { get; init; }

    public required MachineFacts Machine { get; init; }

    /// <summary>What each value of a step's curve is a percentile of.</summary>
    public IReadOnlyList<double> CurvePercentiles { get; init; } = Percentiles.Curve;

    public required IReadOnlyList<StepResult> Steps { get; init; }

    /// <summary>Whether it was ended before its time: the last step is cut short, later ones are missing.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>Whether every call of every step was sent, and answered with 2xx.</summary>
    public bool IsClean => Steps.All(step => step.Failures == 0 && step.Unsent == 0);

    public static DriveReport Read(string path) =>
        JsonSerializer.Deserialize(File.ReadAllText(path), ReportJson.Default.DriveReport)
        ?? throw new InvalidOperationException($"{path} holds no report");

    public void Write(string path) =>
        File.WriteAllText(path, JsonSerializer.Serialize(this, ReportJson.Default.DriveReport) + "\n");
}
