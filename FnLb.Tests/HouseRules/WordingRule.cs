using System.Text.RegularExpressions;

namespace FnLb.Tests.HouseRules;

/// <summary>Words that have no place in merged files.</summary>
/// <remarks>They are put together from halves here, or this file would find itself.</remarks>
internal static partial class WordingRule
{
    public static readonly string[] UnfinishedWords =
        ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "NotImplemented" + "Exception"];

    /// <summary>
    /// Folders beside the repository: they exist on the machine of whoever wrote the line and nowhere else.
    /// </summary>
    public static readonly string[] OutsidePaths = [".." + "/shared", ".." + "/.library"];

    /// <summary>What git leaves around the two sides of a conflict.</summary>
    public static readonly string[] ConflictMarkers = [new string('<', 7) + ' ', new string('>', 7) + ' '];

    public static IEnumerable<Finding> Check(SourceFile file)
    {
        if (EmptyName().IsMatch(file.Name))
        {
            yield return new Finding(file.Path, 1, $"is named {file.Name}: say what it does");
        }

        for (int i = 0; i < file.Lines.Length; i++)
        {
            string line = file.Lines[i];
            if (UnfinishedWords.Any(word => Contains(line, word)))
            {
                yield return new Finding(file.Path, i + 1, "is unfinished: finish it, or open an issue");
            }

            if (ConflictMarkers.Any(marker => line.StartsWith(marker, StringComparison.Ordinal)))
            {
                yield return new Finding(file.Path, i + 1, "was merged with its conflict: choose a side");
            }

            if (OutsidePaths.Any(line.Contains))
            {
                yield return new Finding(file.Path, i + 1, "names a path outside the repository");
            }

            if (!file.IsCSharp)
            {
                continue;
            }

            if (DeclaredName().Match(line) is { Success: true } type && EmptyName().IsMatch(type.Groups["name"].Value))
            {
                yield return new Finding(file.Path, i + 1, $"declares {type.Groups["name"].Value}: say what it does");
            }

            if (Region().IsMatch(line))
            {
                yield return new Finding(file.Path, i + 1, "folds code away: split the file instead");
            }
        }
    }

    private static bool Contains(string line, string word) => Regex.IsMatch(line, $@"\b{word}\b");

    [GeneratedRegex(@"(?:Manager|Helpers?|Utils?|Utilities)$")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"^[\w\s]*\b(?:class|struct|interface|enum|record)\s+(?:(?:class|struct)\s+)?(?<name>\w+)")]
    private static partial Regex DeclaredName();

    [GeneratedRegex(@"^\s*#\s*region\b")]
    private static partial Regex Region();
}
