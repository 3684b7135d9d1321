using NUnit.Framework;

namespace FnLb.Tests.HouseRules;

public sealed class LayoutRuleTests
{
    [Test]
    public void A_type_is_found_by_its_name() =>
        SourceTree.AssertNone(SourceTree.Files.SelectMany(LayoutRule.Check));

    [TestCase("namespace FnLb.Core.Nodes;\ninternal sealed class A;", Description = "another folder's namespace")]
    [TestCase("internal sealed class A;", Description = "no namespace")]
    [TestCase("namespace FnLb.Core.Http1;\npublic readonly record struct B(int X);", Description = "another name")]
    [TestCase("namespace FnLb.Core.Http1;\nclass A;\nfile enum B { None }", Description = "two types")]
    [TestCase("namespace FnLb.Core.Http1;\nclass A;\npublic delegate void B(int x);", Description = "a delegate")]
    public void A_type_in_the_wrong_place_is_found(string text) =>
        Assert.That(LayoutRule.Check(new SourceFile("FnLb.Core/Http1/A.cs", text)), Has.Exactly(1).Items);

    [TestCase("FnLb.Core/Http1/A.cs", "namespace FnLb.Core.Http1;\npublic interface A<T>\n{\n    enum B { }\n}")]
    [TestCase("FnLb.Core/Http1/A.Parsing.cs", "namespace FnLb.Core.Http1;\ninternal static unsafe partial class A;")]
    [TestCase("FnLb.Host/Program.cs", "return await Balancer.RunAsync(args);")]
    public void A_type_in_its_place_is_let_through(string path, string text) =>
        Assert.That(LayoutRule.Check(new SourceFile(path, text)), Is.Empty);
}
