namespace FnLb.Benchmarks.Drive;

/// <summary>A part of a step.</summary>
/// <param name="AtSeconds">Where it begins, since the first of all steps began to count.</param>
internal sealed record IntervalResult(
    double AtSeconds, double AnswersPerSecond, double? P50Milliseconds, double? P99Milliseconds, long Errors);
