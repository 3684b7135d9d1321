using NUnit.Framework;

namespace FnLb.Tests.HouseRules;

public sealed class DependencyRuleTests
{
    [Test]
    public void Arrows_between_projects_and_folders_go_one_way() =>
        SourceTree.AssertNone(SourceTree.Files.SelectMany(DependencyRule.Check));

    [Test]
    public void The_core_stands_on_three_packages()
    {
        SourceFile project = SourceTree.Files.Single(file => file.Path == "FnLb.Core/FnLb.Core.csproj");
        SourceTree.AssertNone(DependencyRule.CheckCorePackages(project));
    }

    [TestCase("FnLb.Core/Http1/A.cs", "using FnLb.Core.Transport;")]
    [TestCase("FnLb.Core/Transport/A.cs", "using static FnLb.Core.Http1.Grammar;")]
    [TestCase("FnLb.Core/Telemetry/A.cs", "using Node = FnLb.Core.Nodes.Node;")]
    [TestCase("FnLb.Core/Nodes/A.cs", "using FnLb.Core.Health;")]
    [TestCase("FnLb.Core/Routing/A.cs", "using FnLb.Core.Http1;")]
    [TestCase("FnLb.Core/Routing/A.cs", "    FnLb.Core.Proxy.Exchange exchange = new();")]
    [TestCase("FnLb.Core/Health/A.cs", "using FnLb.Core.Routing;")]
    [TestCase("FnLb.Core/Proxy/A.cs", "using FnLb.Host.Admin;")]
    [TestCase("FnLb.Core/Common/A.cs", "using System;")]
    [TestCase("FnLb.Core/A.cs", "using System;")]
    [TestCase("FnLb.Host/Admin/A.cs", "using FnLb.Tests.Harness;")]
    public void An_arrow_that_goes_the_other_way_is_found(string path, string line) =>
        Assert.That(DependencyRule.Check(new SourceFile(path, line)), Has.Exactly(1).Items);

    [TestCase("FnLb.Core/Routing/A.cs", "using FnLb.Core.Nodes;")]
    [TestCase("FnLb.Core/Proxy/A.cs", "using FnLb.Core.Http1;")]
    [TestCase("FnLb.Core/Http1/A.cs", "namespace FnLb.Core.Http1;")]
    [TestCase("FnLb.Core/Http1/A.cs", "// The bytes come from FnLb.Core.Transport.")]
    [TestCase("FnLb.Host/Program.cs", "using FnLb.Core.Proxy;")]
    [TestCase("FnLb.Tests/EndToEnd/A.cs", "using FnLb.Host.Stores;")]
    public void An_arrow_of_the_design_is_let_through(string path, string line) =>
        Assert.That(DependencyRule.Check(new SourceFile(path, line)), Is.Empty);

    [Test]
    public void Another_package_in_the_core_is_found()
    {
        const string Text = """<Project><PackageReference Include="Dapper" /></Project>""";
        SourceFile project = new("FnLb.Core/FnLb.Core.csproj", Text);
        Assert.That(DependencyRule.CheckCorePackages(project), Has.Exactly(1).Items);
    }
}
