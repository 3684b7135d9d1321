namespace FnLb.Benchmarks.Drive;

/// <summary>How a step goes that is under way.</summary>
/// <param name="AnswersPerSecond">Since the last report.</param>
/// <param name="Errors">Calls without an answer so far.</param>
internal sealed record DriveProgress(
    DriveStep Step, TimeSpan Elapsed, TimeSpan Whole, double AnswersPerSecond, long Errors);
