namespace FnLb.Host.Telemetry;

/// <summary>One second of all calls: where the charts of a dashboard begin.</summary>
/// <param name="Second">When it began, in Unix time.</param>
/// <param name="Errors">Of the calls, those answered with a 5xx of a node.</param>
/// <param name="Cold">Of the calls with a known wait, those that waited for a start.</param>
/// <param name="Spilled">Of the calls, those placed elsewhere than at home or where their function is warm.</param>
/// <param name="WaitMean">In seconds; null when no node told one.</param>
/// <param name="DurationMean">In seconds; 0 without calls.</param>
internal sealed record HistoryRow(
    long Second, int Calls, int Errors, int Cold, int Spilled, double? WaitMean, double DurationMean);
