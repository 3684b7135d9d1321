using FnLb.Host.CommandLine;
using FnLb.Host.Lifecycle;

namespace FnLb.Host.Operator;

/// <summary>The files that a balancer writes, looked at without writing.</summary>
internal static class WrittenFiles
{
    /// <returns>What is wrong with them, a line each.</returns>
    public static IEnumerable<string> Faults(FnlbOptions options)
    {
        if (options.StateFile.Length > 0 && WhyNotReplaced(options.StateFile) is { } state)
        {
            yield return $"-state-file \"{options.StateFile}\": {state}";
        }

        if (options.AccessLog is not ("" or "-") && WhyNotWritten(options.AccessLog) is { } log)
        {
            yield return $"-access-log \"{options.AccessLog}\": {log}";
        }
    }

    /// <returns>Why a file cannot be written to, or made; null when it can.</returns>
    public static string? WhyNotWritten(string path) => !File.Exists(path) ? WhyNotReplaced(path)
        : NativeCalls.CanWrite(path) ? null
        : "the file cannot be written to";

    // It is written beside the old one, and takes its place.
    private static string? WhyNotReplaced(string path)
    {
        if (Directory.Exists(path))
        {
            return "must not be a folder";
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return NativeCalls.CanWrite(folder) ? null : $"files cannot be made in {folder}";
    }
}
