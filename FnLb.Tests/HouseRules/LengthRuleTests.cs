using NUnit.Framework;

namespace FnLb.Tests.HouseRules;

public sealed class LengthRuleTests
{
    [Test]
    public void Lines_functions_and_files_keep_their_length() =>
        SourceTree.AssertNone(SourceTree.Files.SelectMany(LengthRule.Check));

    [Test]
    public void A_line_may_have_120_columns_and_no_more()
    {
        Assert.That(Check(new string('x', 120)), Is.Empty);
        Finding[] expected = [new("FnLb.Core/Http1/A.cs", 2, "has 121 columns, at most 120")];
        Assert.That(Check("a\n" + new string('x', 121)), Is.EqualTo(expected));
    }

    [Test]
    public void A_file_may_have_400_lines_and_no_more()
    {
        Assert.That(Check(Repeat("x\n", 400)), Is.Empty);
        Assert.That(Check(Repeat("x\n", 401)), Has.Exactly(1).Items);
    }

    [Test]
    public void A_function_may_have_70_lines_and_no_more()
    {
        Assert.That(Check(Function(67)), Is.Empty);
        Assert.That(Check(Function(68)), Has.Exactly(1).Items);
    }

    [Test]
    public void A_type_with_a_primary_constructor_is_no_function() =>
        Assert.That(Check("internal sealed class A(\n    int x)\n{\n" + Repeat("    int Y;\n", 100) + "}\n"), Is.Empty);

    private static IEnumerable<Finding> Check(string text) =>
        LengthRule.Check(new SourceFile("FnLb.Core/Http1/A.cs", text));

    private static string Function(int bodyLines) =>
        "class A\n{\n    void F()\n    {\n" + Repeat("        G();\n", bodyLines) + "    }\n}\n";

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
