using FnLb.Host.CommandLine;

namespace FnLb.Host.Lifecycle;

/// <summary>What <c>fnlb</c> does without a command: balance until a signal ends it.</summary>
internal static class RunCommand
{
    /// <returns>0 after a signal or the usage, 1 when the start failed, 2 when the options are wrong.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (Launcher.IsAskedFor(Environment.GetEnvironmentVariable))
        {
            return await Launcher.RunAsync(arguments);
        }

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

        return parsed.Errors.Count > 0 ? 2 : await ServeAsync(parsed, arguments);
    }

    private static async Task<int> ServeAsync(ParsedOptions parsed, string[] arguments)
    {
        _ = Successor.Program;
        using StopSignals stops = new();
        using RequestSignals requests = new();
        using ILoggerFactory logging = HostLogging.Create(parsed.Options.LogLevel, parsed.Options.LogFormat);
        Func<string, string?> variable = Environment.GetEnvironmentVariable;
        using ServiceNotifier notifier = new(variable, Environment.ProcessId);
        try
        {
            InheritedSockets inherited = InheritedSockets.Take(variable, Environment.ProcessId);
            await new Service(parsed, arguments, notifier, logging).RunAsync(inherited, stops, requests);
        }
        catch (OperationCanceledException) when (stops.First.IsCompleted)
        {
            // Told to stop while it waited for its store.
        }
        catch (StartException e)
        {
            await Console.Error.WriteLineAsync($"fnlb: {e.Message}");
            return 1;
        }

        HostLog.Stopped(logging.CreateLogger("FnLb.Host"));
        return 0;
    }
}
