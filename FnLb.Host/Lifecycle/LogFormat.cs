namespace FnLb.Host.Lifecycle;

/// <summary>How a line of the log on stderr is written.</summary>
internal enum LogFormat
{
    /// <summary>Time, level, source and message.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>With the priority in front that the journal understands; it knows the time itself.</summary>
    Systemd,
}
