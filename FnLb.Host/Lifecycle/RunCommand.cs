using System.Runtime.InteropServices;
using FnLb.Host.CommandLine;

namespace FnLb.Host.Lifecycle;

/// <summary>What <c>fnlb</c> does without a command: balance until a signal ends it.</summary>
internal static class RunCommand
{
    /// <returns>0 after a signal or the usage, 1 when the start failed, 2 when the options are wrong.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        ParsedOptions parsed = OptionParser.Parse(arguments, Environment.GetEnvironmentVariable);
        if (parsed.Options.ShowsHelp)
        {
            await Console.Out.WriteAsync(Usage.ForTerminal());
            return 0;
        }

        foreach (string error in parsed.Errors)
        {
            await Console.Error.WriteLineAsync($"fnlb: {error}");
        }

        return parsed.Errors.Count > 0 ? 2 : await ServeAsync(parsed.Options);
    }

    private static async Task<int> ServeAsync(FnlbOptions options)
    {
        using StopSignals signals = new();
        using ILoggerFactory logging = HostLogging.Create(options.LogLevel);
        ILogger logger = logging.CreateLogger("FnLb.Host");
        try
        {
            await using Balancer balancer = await Balancer.StartAsync(options, logging);
            ReportStart(logger, balancer, options);
            PosixSignal signal = await signals.First;
            await DrainAsync(balancer, options.ShutdownTimeout, signal, signals, logger);
        }
        catch (StartException e)
        {
            await Console.Error.WriteLineAsync($"fnlb: {e.Message}");
            return 1;
        }

        HostLog.Stopped(logger);
        return 0;
    }

    private static void ReportStart(ILogger logger, Balancer balancer, FnlbOptions options)
    {
        bool isShared = balancer.AdminEndPoint.Equals(balancer.TrafficEndPoint);
        string admin = isShared ? "the same address" : balancer.AdminEndPoint.ToString()!;
        HostLog.Started(
            logger, ProductVersion.Text, balancer.TrafficEndPoint, admin, balancer.Directory.Nodes.Count, options.Store,
            options.Proxy.Loops);
        if (options.ZipkinUrl.Length > 0)
        {
            HostLog.NoTraces(logger);
        }
    }

    private static async Task DrainAsync(
        Balancer balancer, TimeSpan limit, PosixSignal signal, StopSignals signals, ILogger logger)
    {
        bool isLimited = limit > TimeSpan.Zero;
        HostLog.Stopping(logger, signal, isLimited ? $"within {limit.TotalSeconds} s" : "without limit");
        Task drained = balancer.DrainAsync(isLimited ? limit : Timeout.InfiniteTimeSpan);
        if (await Task.WhenAny(drained, signals.Second) == drained)
        {
            await drained;
            return;
        }

        HostLog.Cutting(logger, await signals.Second);
    }
}
