using FnLb.Host.Operator;

namespace FnLb.Benchmarks.Reports;

/// <summary>Looks whether files can be written, before minutes are spent on what is to be in them.</summary>
internal static class OutputFile
{
    /// <param name="paths">Null for what was not asked for.</param>
    /// <returns>What is wrong with the first that cannot be written; null when all can. None is changed.</returns>
    public static string? WhyNot(params ReadOnlySpan<string?> paths)
    {
        foreach (string? path in paths)
        {
            if (path is not null && WrittenFiles.WhyNotWritten(path) is string reason)
            {
                return $"\"{path}\" cannot be written: {reason}";
            }
        }

        return null;
    }
}
