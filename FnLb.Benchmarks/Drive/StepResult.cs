namespace FnLb.Benchmarks.Drive;

/// <summary>
/// What a step of load came to. Latencies in milliseconds, from when a call was due; a call that was given up is among
/// them with the time until then. Null where there is none.
/// </summary>
internal sealed record StepResult
{
    public required int Connections { get; init; }

    /// <summary>Calls a second that were asked for; null in a closed loop.</summary>
    public required double? Rate { get; init; }

    /// <summary>Of the window, without the warm-up.</summary>
    public required double Seconds { get; init; }

    /// <summary>Answers to calls that were due in the window.</summary>
    public required long Answers { get; init; }

    /// <summary>All of them: what a server's CPU was spent on.</summary>
    public required long AnswersWithWarmUp { get; init; }

    /// <summary>Of the answers that came in the window, whenever their calls were due.</summary>
    public required double AnswersPerSecond { get; init; }

    /// <summary>
    /// Of <see cref="Answers"/>, those that came when the window was over. More than there are connections: the server
    /// was slower than the calls were due.
    /// </summary>
    public required long AnswersAfterEnd { get; init; }

    /// <summary>Calls that were due and never sent, since no connection was free until the end.</summary>
    public required long Unsent { get; init; }

    public required long BytesReceived { get; init; }

    public required IReadOnlyDictionary<string, long> Statuses { get; init; }

    public required IReadOnlyDictionary<string, long> Errors { get; init; }

    public required double? MeanMilliseconds { get; init; }

    public required double? MaxMilliseconds { get; init; }

    /// <summary>At the percentiles of <see cref="Percentiles.Curve"/>, in order.</summary>
    public required IReadOnlyList<double?> CurveMilliseconds { get; init; }

    public required IReadOnlyList<IntervalResult> Intervals { get; init; }

    /// <summary>CPU of the load generator for an answer, in microseconds.</summary>
    public required double GeneratorCpuMicroseconds { get; init; }

    /// <summary>
    /// How late at most the generator sent 99 of 100 calls for which a connection was free; 0 in a closed loop.
    /// </summary>
    public required double GeneratorLateP99Milliseconds { get; init; }

    /// <summary>Answers other than 2xx, and calls without one.</summary>
    public long Failures => Errors.Values.Sum()
        + Statuses.Where(status => !status.Key.StartsWith('2')).Sum(status => status.Value);

    public double? Quantile(double percentile) => CurveMilliseconds[Percentiles.IndexOf(percentile)];
}
