using Microsoft.Extensions.Logging.Console;

namespace FnLb.Host.Lifecycle;

/// <summary>One line a message on stderr, with the time in UTC.</summary>
internal static class HostLogging
{
    private const int QueuedLinesMax = 10_000;

    public static ILoggerFactory Create(LogLevel least, LogFormat format = LogFormat.Text) =>
        LoggerFactory.Create(builder => Configure(builder, least, format));

    private static void Configure(ILoggingBuilder builder, LogLevel least, LogFormat format)
    {
        builder.SetMinimumLevel(least);
        if (least > LogLevel.Debug)
        {
            // Kestrel's own news is for its developers.
            builder.AddFilter("Microsoft", least > LogLevel.Warning ? least : LogLevel.Warning);
        }

        _ = format switch
        {
            LogFormat.Json => builder.AddJsonConsole(Stamp),
            LogFormat.Systemd => builder.AddSystemdConsole(),
            _ => builder.AddSimpleConsole(simple =>
            {
                Stamp(simple);
                simple.SingleLine = true;
                simple.ColorBehavior = LoggerColorBehavior.Disabled;
            }),
        };
        builder.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            // Whoever reads stderr may be stuck; the balancer must not be.
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.MaxQueueLength = QueuedLinesMax;
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
    }

    private static void Stamp(ConsoleFormatterOptions format)
    {
        format.UseUtcTimestamp = true;
        format.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
    }
}
