namespace FnLb.Core.Telemetry;

/// <summary>How a line of the access log is written.</summary>
public enum AccessLogFormat
{
    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>The combined format of web servers, then our own fields as name=value.</summary>
    Text,
}
