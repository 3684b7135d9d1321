using NUnit.Framework;

namespace FnLb.Tests.HouseRules;

/// <summary>The files of the repository that the tests were built from.</summary>
internal static class SourceTree
{
    /// <summary>The nearest folder above the test assembly that holds FnLb.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every text file that is or could be under version control.</summary>
    public static IReadOnlyList<SourceFile> Files { get; } = [.. Read(Root, Ignored())];

    /// <summary>Fails with every finding, one a line.</summary>
    public static void AssertNone(IEnumerable<Finding> findings)
    {
        Finding[] found = [.. findings];
        if (found.Length > 0)
        {
            Assert.Fail($"{found.Length} found:\n{string.Join('\n', found)}");
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FnLb.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"There is no FnLb.slnx above {AppContext.BaseDirectory}.");
    }

    // .gitignore names whole folders only, so nothing has to be asked of git, which a source archive does not have.
    private static HashSet<string> Ignored()
    {
        string[] patterns = File.ReadAllLines(Path.Combine(Root, ".gitignore"));
        return [".git", .. patterns.Where(line => line.EndsWith('/')).Select(line => line[..^1])];
    }

    private static IEnumerable<SourceFile> Read(string folder, HashSet<string> ignored)
    {
        foreach (string path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            string text = File.ReadAllText(path);
            if (!text.Contains('\0'))
            {
                yield return new SourceFile(Path.GetRelativePath(Root, path), text);
            }
        }

        foreach (string path in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            if (!ignored.Contains(Path.GetFileName(path)))
            {
                foreach (SourceFile file in Read(path, ignored))
                {
                    yield return file;
                }
            }
        }
    }
}
