using NUnit.Framework;

namespace FnLb.Tests.HouseRules;

public sealed class WordingRuleTests
{
    private static readonly string[] UnwantedLines =
    [
        .. WordingRule.UnfinishedWords.Select(word => $"// {word}: later"),
        .. WordingRule.OutsidePaths.Select(path => $"see {path}/DESIGN.md"),
        .. WordingRule.ConflictMarkers.Select(marker => $"{marker}HEAD"),
        "internal sealed class NodeManager",
        "public static class StringUtils",
        "    private struct PathHelper(int x)",
        "    #region Fields",
    ];

    [Test]
    public void Words_that_have_no_place_in_merged_files_are_not_there() =>
        SourceTree.AssertNone(SourceTree.Files.SelectMany(WordingRule.Check));

    [TestCaseSource(nameof(UnwantedLines))]
    public void An_unwanted_word_is_found(string line) =>
        Assert.That(WordingRule.Check(new SourceFile("FnLb.Core/Http1/A.cs", "\n" + line)), Has.Exactly(1).Items);

    [Test]
    public void A_file_name_that_says_nothing_is_found() =>
        Assert.That(WordingRule.Check(new SourceFile("FnLb.Core/Http1/ParseHelpers.cs", "")), Has.Exactly(1).Items);

    [TestCase("var hacked = managers.Count; // the class of helpers")]
    [TestCase("internal sealed class UtilityFunctionRoute")]
    public void A_word_that_only_looks_alike_is_let_through(string line) =>
        Assert.That(WordingRule.Check(new SourceFile("FnLb.Core/Http1/A.cs", line)), Is.Empty);
}
