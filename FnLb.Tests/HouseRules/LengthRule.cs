using System.Text.RegularExpressions;

namespace FnLb.Tests.HouseRules;

/// <summary>What fits the eye: columns of a line, lines of a function, lines of a file.</summary>
internal static partial class LengthRule
{
    public const int ColumnsMax = 120;
    public const int FunctionLinesMax = 70;
    public const int FileLinesMax = 400;

    public static IEnumerable<Finding> Check(SourceFile file)
    {
        if (!file.IsCSharp && Path.GetExtension(file.Path) is not (".cake" or ".sh"))
        {
            yield break;
        }

        int fileLines = file.Text.EndsWith('\n') ? file.Lines.Length - 1 : file.Lines.Length;
        if (fileLines > FileLinesMax)
        {
            yield return new Finding(file.Path, 1, $"has {fileLines} lines, at most {FileLinesMax}");
        }

        for (int i = 0; i < file.Lines.Length; i++)
        {
            if (file.Lines[i].Length > ColumnsMax)
            {
                yield return new Finding(file.Path, i + 1, $"has {file.Lines[i].Length} columns, at most {ColumnsMax}");
            }

            int lines = FunctionLines(file.Lines, i);
            if (lines > FunctionLinesMax)
            {
                yield return new Finding(file.Path, i + 1, $"opens {lines} lines of block, at most {FunctionLinesMax}");
            }
        }
    }

    // With the signature; 0 if none opens here. Any block after a closing parenthesis counts, so that a loop does too.
    private static int FunctionLines(string[] lines, int open)
    {
        string indent = lines[open].TrimEnd('{');
        if (open == 0 || lines[open] == indent || indent.Trim().Length > 0 || !lines[open - 1].EndsWith(')'))
        {
            return 0;
        }

        int declaration = open - 1;
        while (declaration > 0 && lines[declaration].StartsWith(indent + ' ', StringComparison.Ordinal))
        {
            declaration--;
        }

        int close = Array.FindIndex(lines, open, line => line.StartsWith(indent + '}', StringComparison.Ordinal));
        return TypeDeclaration().IsMatch(lines[declaration]) || close < 0 ? 0 : close - declaration + 1;
    }

    [GeneratedRegex(@"^[\w\s]*\b(?:class|struct|interface|record)\s+\w")]
    private static partial Regex TypeDeclaration();
}
