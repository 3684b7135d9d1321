using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using FnLb.Tests.HouseRules;
using NUnit.Framework;

namespace FnLb.Tests.Conformance;

/// <summary>No row of the checklists is forgotten: each is in the name of a test or left out with a reason.</summary>
public sealed partial class CoverageTests
{
    private static readonly string[] Rows =
        [.. Enumerable.Range(1, 70).Select(number => $"A{number}"), .. Enumerable.Range(1, 142).Select(number =>
            $"B{number}")];

    [Test]
    public void Every_row_is_tested_on_the_executable_or_left_out_with_a_reason()
    {
        string[] leftOut = LeftOut();
        Assert.That(Rows.Except(Tested()).Except(leftOut), Is.Empty, "rows that are neither tested nor left out");
        Assert.That(leftOut.Intersect(Tested()), Is.Empty, "rows that are left out although they are tested");
        Assert.That(leftOut.Except(Rows), Is.Empty, "rows that do not exist");
    }

    [Test]
    public void No_test_carries_the_number_of_a_row_that_does_not_exist() =>
        Assert.That(Tested().Except(Rows), Is.Empty);

    private static string[] Tested() =>
    [
        .. typeof(CoverageTests).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(CoverageTests).Namespace)
            .SelectMany(type => type.GetMethods(
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .SelectMany(method => RowNumbers().Matches(method.Name))
            .Select(match => match.Value.Trim('_'))
            .Distinct(),
    ];

    // The rows of the table under the heading, which ends with the next heading.
    private static string[] LeftOut()
    {
        string page = SourceTree.Files.Single(file => file.Path == "docs/http.md").Text;
        Match section = LeftOutSection().Match(page);
        Assert.That(section.Success, Is.True, "docs/http.md has no section on what is left out");
        return
        [
            .. LeftOutRow().Matches(section.Value).Select(match =>
                string.Create(CultureInfo.InvariantCulture, $"{match.Groups["row"].Value}")),
        ];
    }

    [GeneratedRegex(@"(?<=^|_)[AB][0-9]+(?=_)")]
    private static partial Regex RowNumbers();

    [GeneratedRegex(@"(?ms)^## Left out.*?(?=^## |\z)")]
    private static partial Regex LeftOutSection();

    [GeneratedRegex(@"(?m)^\| (?<row>[AB][0-9]+) \|.*\S.*\|$")]
    private static partial Regex LeftOutRow();
}
