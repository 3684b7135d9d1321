using System.Text.RegularExpressions;

namespace FnLb.Tests.HouseRules;

/// <summary>A type is found by its name: folder = namespace, file = type, one a file.</summary>
/// <remarks>
/// Reads lines instead of syntax trees: layout is checked too, so a top-level type starts in column one.
/// </remarks>
internal static partial class LayoutRule
{
    private const string Modifiers = "public|internal|file|sealed|static|abstract|readonly|ref|unsafe|partial";
    private const string Kinds = @"class|struct|interface|enum|record(?:\s+class|\s+struct)?|delegate\s+\S+";

    public static IEnumerable<Finding> Check(SourceFile file)
    {
        if (!file.IsCSharp)
        {
            yield break;
        }

        List<string> types = [];
        string? declared = null;
        for (int i = 0; i < file.Lines.Length; i++)
        {
            if (TopLevelType().Match(file.Lines[i]) is { Success: true } type)
            {
                types.Add(type.Groups["name"].Value);
                if (types.Count > 1)
                {
                    yield return new Finding(file.Path, i + 1, $"{types[^1]} needs a file of its own");
                }
            }
            else if (Namespace().Match(file.Lines[i]) is { Success: true } line)
            {
                declared = line.Groups["name"].Value;
            }
        }

        // Top-level statements and global usings have no type, and no namespace.
        if (types.Count == 0)
        {
            yield break;
        }

        if (types[0] != file.Name)
        {
            yield return new Finding(file.Path, 1, $"holds {types[0]}: name the file after it");
        }

        string expected = string.Join('.', file.Folders);
        if (declared != expected)
        {
            yield return new Finding(file.Path, 1, $"is in namespace {declared ?? "(none)"}, not {expected}");
        }
    }

    [GeneratedRegex($@"^(?:(?:{Modifiers})\s+)*(?:{Kinds})\s+(?<name>\w+)")]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);")]
    private static partial Regex Namespace();
}
