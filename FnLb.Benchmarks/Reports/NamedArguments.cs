namespace FnLb.Benchmarks.Reports;

/// <summary>The arguments of a command that takes none without a name.</summary>
internal static class NamedArguments
{
    private static readonly string[] Help = ["h", "help"];

    /// <summary>Reads them, and answers itself where that is all there is to do.</summary>
    /// <param name="options">What holds where nothing is said; then what was asked for.</param>
    /// <param name="with">The options with one more argument; null when there is no such argument or value.</param>
    /// <param name="conflict">What is wrong with the whole, if anything; null when nothing can be.</param>
    /// <param name="exitCode">Where the command is not to go on: 0 after its usage, 2 after what is wrong.</param>
    public static bool TryRead<T>(
        string[] args, ref T options, Func<T, string, string, T?> with, string usage, out int exitCode,
        Func<T, string?>? conflict = null)
        where T : class
    {
        bool isHelpWanted = false;
        bool isRead = ArgumentReader.TryRead(
            args, ref options, (known, name, value) => WithHelp(known, name, value, with, ref isHelpWanted), Help,
            out List<string> rest, out string? error);
        if (!isRead || rest.Count > 0)
        {
            string wrong = error ?? $"\"{rest[0]}\" is no argument; --help tells which there are";
            Console.Error.WriteLine($"fnlb-bench: {wrong}");
            exitCode = 2;
            return false;
        }

        if (isHelpWanted)
        {
            Console.WriteLine(usage);
            exitCode = 0;
            return false;
        }

        if (conflict?.Invoke(options) is string reason)
        {
            Console.Error.WriteLine($"fnlb-bench: {reason}");
            exitCode = 2;
            return false;
        }

        exitCode = 0;
        return true;
    }

    private static T? WithHelp<T>(
        T options, string name, string value, Func<T, string, string, T?> with, ref bool isHelpWanted)
        where T : class
    {
        bool isHelp = Help.Contains(name);
        isHelpWanted |= isHelp;
        return isHelp ? options : with(options, name, value);
    }
}
