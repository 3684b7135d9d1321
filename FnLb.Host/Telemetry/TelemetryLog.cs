namespace FnLb.Host.Telemetry;

/// <summary>What the measuring says to the operator; ids 6000 to 6099.</summary>
internal static partial class TelemetryLog
{
    [LoggerMessage(6000, LogLevel.Error, "Access log {Path} cannot be written, its lines are lost: {Error}")]
    public static partial void AccessLogFailed(ILogger logger, string path, string error);

    [LoggerMessage(6001, LogLevel.Warning, "Collector {Url} takes no spans, they are lost: {Error}")]
    public static partial void CollectorFailed(ILogger logger, Uri url, string error);
}
