namespace FnLb.Host.Telemetry;

/// <summary>What the measuring says to the operator; ids 6000 to 6099.</summary>
internal static partial class TelemetryLog
{
    [LoggerMessage(6000, LogLevel.Error, "Access log {Path} cannot be written, its lines are lost: {Error}")]
    public static partial void AccessLogFailed(ILogger logger, string path, string error);

    [LoggerMessage(6001, LogLevel.Warning, "Collector {Url} takes no spans, they are lost: {Error}")]
    public static partial void CollectorFailed(ILogger logger, string url, string error);

    [LoggerMessage(
        6002, LogLevel.Error, "Access log {Path} cannot be opened anew, lines go on to the old one: {Error}")]
    public static partial void AccessLogNotReopened(ILogger logger, string path, string error);

    [LoggerMessage(6003, LogLevel.Error, "The second {Second} could not be added up; measuring goes on")]
    public static partial void SecondLost(ILogger logger, long second, Exception error);

    [LoggerMessage(6004, LogLevel.Information, "Collector {Url} takes spans again")]
    public static partial void CollectorRecovered(ILogger logger, string url);

    [LoggerMessage(6005, LogLevel.Error, "Access log {Path} took no more lines at the end; lost: {Lines}")]
    public static partial void AccessLogStuck(ILogger logger, string path, int lines);
}
