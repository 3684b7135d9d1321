namespace FnLb.Host.Telemetry;

/// <summary>One second of all calls: where the charts of a dashboard begin.</summary>
/// <param name="Second">When it began, in Unix time.</param>
/// <param name="Errors">Of the calls, those answered with a 5xx of a node.</param>
/// <param name="Failed">Answers of our own, beside the calls: no node took it, or the one that did failed.</param>
/// <param name="Waits">Of the calls, those whose wait the node told.</param>
/// <param name="Cold">Of <paramref name="Waits"/>, those that waited for a start.</param>
/// <param name="Spilled">Of the calls, those placed elsewhere than at home or where their function is warm.</param>
/// <param name="WaitMean">In seconds; null when no node told one.</param>
/// <param name="DurationMean">In seconds; 0 without calls.</param>
/// <param name="P50">Of the 5 to 10 seconds up to it, in seconds; 0 without calls.</param>
/// <param name="P99">As <paramref name="P50"/>.</param>
internal sealed record HistoryRow(
    long Second,
    int Calls,
    int Errors,
    long Failed,
    int Waits,
    int Cold,
    int Spilled,
    double? WaitMean,
    double DurationMean,
    double P50,
    double P99);
