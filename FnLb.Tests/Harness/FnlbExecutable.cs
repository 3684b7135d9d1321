namespace FnLb.Tests.Harness;

/// <summary>Finds the published executable under test.</summary>
internal static class FnlbExecutable
{
    private const string Variable = "FNLB_EXECUTABLE";

    /// <summary>
    /// The path from FNLB_EXECUTABLE, else <c>artifacts/fnlb</c> in a folder above the test assembly.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is none: such a test must fail, a skipped one would look like
    /// success.</exception>
    public static string Path { get; } = Find();

    private static string Find()
    {
        string? given = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(given))
        {
            string full = System.IO.Path.GetFullPath(given);
            return File.Exists(full) ? full : throw new FileNotFoundException($"{Variable} names no file: {full}");
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = System.IO.Path.Combine(folder.FullName, "artifacts", "fnlb");
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new FileNotFoundException(
            $"no published executable: run ./build.sh publish, or set {Variable} to the file to test");
    }
}
