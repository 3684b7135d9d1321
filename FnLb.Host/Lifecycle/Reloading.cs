using FnLb.Host.CommandLine;

namespace FnLb.Host.Lifecycle;

/// <summary>Reads the options again and takes over what can change while the process runs.</summary>
/// <remarks>Tokens and certificates are not its business: who uses them looks at the files.</remarks>
internal sealed class Reloading(ParsedOptions start, IReadOnlyList<string> arguments, ILogger logger)
{
    private static readonly string[] Live = ["shutdown-timeout", "drain-delay", "state-file"];

    // What a successor gets from its predecessor, whatever its own options say.
    private static readonly string[] HandedOver = ["nodes", "listen", "mgmt-listen"];

    private ParsedOptions _now = start;

    /// <summary>What holds now.</summary>
    public FnlbOptions Options { get; private set; } = start.Options;

    /// <summary>All or nothing: with any error the options stay as they are. What happened is logged.</summary>
    /// <param name="overruled">Options that have been different from what holds since the start.</param>
    public void Reload(IEnumerable<string> overruled)
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
        string[] others = [.. changed.Except(Live).Except(HandedOver)];
        string[] kept = [.. changed.Intersect(HandedOver).Union(overruled)];
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

        if (kept.Length > 0)
        {
            HostLog.NeedsRestart(logger, Flags(kept));
        }
    }

    private static string Flags(string[] names) => string.Join(", ", names.Select(name => "-" + name));
}
