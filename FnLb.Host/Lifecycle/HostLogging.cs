using Microsoft.Extensions.Logging.Console;

namespace FnLb.Host.Lifecycle;

/// <summary>One line a message on stderr, with the time in UTC.</summary>
internal static class HostLogging
{
    private const int QueuedLinesMax = 10_000;

    public static ILoggerFactory Create(LogLevel least) => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(least);
        if (least > LogLevel.Debug)
        {
            // Kestrel's own news is for its developers.
            builder.AddFilter("Microsoft", least > LogLevel.Warning ? least : LogLevel.Warning);
        }

        builder.AddSimpleConsole(format =>
        {
            format.SingleLine = true;
            format.UseUtcTimestamp = true;
            format.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            format.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        builder.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            // Whoever reads stderr may be stuck; the balancer must not be.
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.MaxQueueLength = QueuedLinesMax;
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
    });
}
