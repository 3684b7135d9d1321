using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FnLb.Tests.HouseRules;

/// <summary>
/// Which part may know which: arrows between projects and between the folders of FnLb.Core go one way.
/// </summary>
internal static partial class DependencyRule
{
    private static readonly Dictionary<string, string[]> ProjectArrows = new()
    {
        ["FnLb.Core"] = [],
        ["FnLb.Host"] = ["FnLb.Core"],
        ["FnLb.Benchmarks"] = ["FnLb.Core", "FnLb.Host"],
        ["FnLb.Tests"] = ["FnLb.Core", "FnLb.Host", "FnLb.Benchmarks"],
    };

    private static readonly Dictionary<string, string[]> CoreArrows = new()
    {
        ["Http1"] = [],
        ["Transport"] = [],
        ["Telemetry"] = [],
        ["Nodes"] = [],
        ["Routing"] = ["Nodes"],
        ["Health"] = ["Nodes"],
        ["Proxy"] = ["Http1", "Transport", "Telemetry", "Nodes", "Routing", "Health"],
    };

    private static readonly string[] CorePackages =
        ["System.IO.Pipelines", "Microsoft.Extensions.ObjectPool", "Microsoft.Extensions.Logging.Abstractions"];

    /// <summary>
    /// Looks at using lines and at names written in full; comments and string literals may name anything.
    /// </summary>
    public static IEnumerable<Finding> Check(SourceFile file)
    {
        if (!file.IsCSharp || file.Folders.Length == 0)
        {
            yield break;
        }

        string project = file.Folders[0];
        string? folder = file.Folders.ElementAtOrDefault(1);
        if (project == "FnLb.Core" && (folder is null || !CoreArrows.ContainsKey(folder)))
        {
            yield return new Finding(file.Path, 1, "FnLb.Core has no such folder: give it its arrows here");
            yield break;
        }

        for (int i = 0; i < file.Lines.Length; i++)
        {
            string line = file.Lines[i];
            if (NoCode().IsMatch(line))
            {
                continue;
            }

            foreach (Match match in FullName().Matches(line))
            {
                string known = match.Groups["project"].Value;
                string knownFolder = match.Groups["folder"].Value;
                bool isAllowed = known == project
                    ? project != "FnLb.Core" || knownFolder == folder || CoreArrows[folder!].Contains(knownFolder)
                    : ProjectArrows[project].Contains(known);
                if (!isAllowed)
                {
                    yield return new Finding(file.Path, i + 1, $"{project}/{folder} must not know {match.Value}");
                }
            }
        }
    }

    /// <summary>The core stands on a few packages, so that it can be read and trusted by itself.</summary>
    public static IEnumerable<Finding> CheckCorePackages(SourceFile project)
    {
        foreach (XElement reference in XDocument.Parse(project.Text).Descendants("PackageReference"))
        {
            string package = reference.Attribute("Include")?.Value ?? "";
            if (!CorePackages.Contains(package))
            {
                yield return new Finding(project.Path, 1, $"the core must not depend on {package}");
            }
        }
    }

    [GeneratedRegex(@"^\s*(?://|namespace\s)")]
    private static partial Regex NoCode();

    [GeneratedRegex(@"(?<!"")\b(?<project>FnLb\.(?:Core|Host|Benchmarks|Tests))\b(?:\.(?<folder>\w+))?")]
    private static partial Regex FullName();
}
