using System.Text.RegularExpressions;

namespace FnLb.Tests.HouseRules;

/// <summary>
/// A test waits for a condition with a deadline, or turns a fake clock: a fixed pause is too short or too long.
/// </summary>
internal static partial class SleepRule
{
    public static IEnumerable<Finding> Check(SourceFile file)
    {
        if (!file.IsCSharp || file.Folders.FirstOrDefault() != "FnLb.Tests")
        {
            yield break;
        }

        for (int i = 0; i < file.Lines.Length; i++)
        {
            if (FixedPause().IsMatch(file.Lines[i]))
            {
                yield return new Finding(file.Path, i + 1, "sleeps: wait for a condition");
            }
        }
    }

    [GeneratedRegex(@"\bThread\.Sleep\(|\bTask\.Delay\(\s*(?:\d|TimeSpan\.)")]
    private static partial Regex FixedPause();
}
