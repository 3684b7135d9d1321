namespace FnLb.Host.CommandLine;

/// <summary>The names of LOG_LEVEL, those of the original in any case of letters; empty counts as not set.</summary>
internal static class LogLevelNames
{
    public const string Rule = "panic, fatal, error, warn, info or debug";

    public static bool TryParse(string name, out LogLevel level)
    {
        LogLevel? known = name.ToLowerInvariant() switch
        {
            "panic" or "fatal" => LogLevel.Critical,
            "error" => LogLevel.Error,
            "warn" or "warning" => LogLevel.Warning,
            "info" or "" => LogLevel.Information,
            "debug" => LogLevel.Debug,
            _ => null,
        };
        level = known ?? LogLevel.Information;
        return known is not null;
    }
}
