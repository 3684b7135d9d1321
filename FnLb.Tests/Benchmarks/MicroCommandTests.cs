using FnLb.Tests.Harness;
using FnLb.Tests.HouseRules;
using NUnit.Framework;

namespace FnLb.Tests.Benchmarks;

public sealed class MicroCommandTests
{
    /// <summary>The published executable cannot compile code; what <c>./build.sh bench micro</c> runs must.</summary>
    [Test]
    public async Task The_harness_that_is_built_runs_the_micro_benchmarks()
    {
        string built = Path.Combine(SourceTree.Root, "FnLb.Benchmarks/bin/Release/net10.0/fnlb-bench.dll");
        string listed = await Shell.RunAsync("dotnet", built, "micro", "--list", "flat");
        Assert.That(listed, Does.Contain("RequestHeadParserBenchmarks.Parse"));
    }
}
