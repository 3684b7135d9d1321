using System.Text.RegularExpressions;

namespace FnLb.Tests.HouseRules;

/// <summary>A log line is found in the source by its id: each has one, and no other line has it.</summary>
internal static partial class LogIdRule
{
    public static IEnumerable<Finding> Check(IEnumerable<SourceFile> files)
    {
        Dictionary<string, Finding> firstUses = [];
        foreach (SourceFile file in files.Where(file => file.IsCSharp && file.Folders.FirstOrDefault() != "FnLb.Tests"))
        {
            foreach (Match match in LogMessage().Matches(file.Text))
            {
                int line = file.Text.AsSpan(0, match.Index).Count('\n') + 1;
                string id = match.Groups["id"].Value;
                if (id.Length == 0)
                {
                    yield return new Finding(file.Path, line, "has no id");
                }
                else if (!firstUses.TryAdd(id, new Finding(file.Path, line, id)))
                {
                    yield return new Finding(file.Path, line, $"has the id of {firstUses[id]}");
                }
            }
        }
    }

    [GeneratedRegex(@"\[LoggerMessage\(\s*(?:EventId\s*=\s*)?(?<id>\d*)")]
    private static partial Regex LogMessage();
}
