using FnLb.Host.CommandLine;

namespace FnLb.Host.Lifecycle;

/// <summary>Reads the options again and takes over what can change while the process runs.</summary>
/// <remarks>Tokens and certificates are not its business: whoever uses them notices when their files change.</remarks>
internal sealed class Reloading(ParsedOptions start, IReadOnlyList<string> arguments, ILogger logger)
{
    private static readonly string[] Live = ["shutdown-timeout", "drain-delay", "state-file"];

    private ParsedOptions _now = start;

    /// <summary>What holds now.</summary>
    public FnlbOptions Options { get; private set; } = start.Options;

    /// <summary>All or nothing: with any error the options stay as they are. What happened is logged.</summary>
    public void Reload()
    {
        ParsedOptions next = OptionParser.Parse(arguments, Environment.GetEnvironmentVariable);
        if (next.Errors.Count > 0)
        {
            HostLog.NotReloaded(logger, string.Join("; ", next.Errors));
            return;
        }

        string[] changed = [.. OptionTable.All.Select(option => option.Name).Where(name =>
            next.Texts.GetValueOrDefault(name) != _now.Texts.GetValueOrDefault(name))];
        string[] live = [.. changed.Intersect(Live)];
        string[] others = [.. changed.Except(Live)];
        Options = Options with
        {
            ShutdownTimeout = next.Options.ShutdownTimeout,
            DrainDelay = next.Options.DrainDelay,
            StateFile = next.Options.StateFile,
        };

        // What could not change is told again at the next reload.
        _now = _now with
        {
            Texts = _now.Texts.Where(text => !Live.Contains(text.Key))
                .Concat(next.Texts.Where(text => Live.Contains(text.Key))).ToDictionary(),
        };
        HostLog.Reloaded(logger, live.Length == 0 ? "nothing has changed" : Flags(live));
        if (others.Length > 0)
        {
            HostLog.NeedsNewProcess(logger, Flags(others));
        }
    }

    private static string Flags(string[] names) => string.Join(", ", names.Select(name => "-" + name));
}
