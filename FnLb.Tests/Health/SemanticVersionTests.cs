using FnLb.Core.Health;
using NUnit.Framework;

namespace FnLb.Tests.Health;

public sealed class SemanticVersionTests
{
    // The example of semver 2.0, section 11, and the numbers around it.
    private static readonly string[] Ascending =
    [
        "0.0.235", "0.3.9", "0.3.10", "0.10.0", "1.0.0-1", "1.0.0--a", "1.0.0-alpha", "1.0.0-alpha.1",
        "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-beta.99999999999999999999",
        "1.0.0-rc.1", "1.0.0", "1.0.1", "2.0.0-0",
    ];

    [Test]
    public void Precedence_is_that_of_the_specification()
    {
        for (int left = 0; left < Ascending.Length; left++)
        {
            for (int right = 0; right < Ascending.Length; right++)
            {
                Assert.That(
                    Parse(Ascending[left]).IsBelow(Parse(Ascending[right])), Is.EqualTo(left < right),
                    $"{Ascending[left]} below {Ascending[right]}");
            }
        }
    }

    [TestCase("1.2.3+a", "1.2.3+b")]
    [TestCase("v1.2.3", "1.2.3")]
    [TestCase("1.02.3", "1.2.3")]
    [TestCase("1.2.3-rc-1.0", "1.2.3-rc-1.0")]
    public void Build_metadata_a_leading_v_and_leading_zeros_make_no_difference(string left, string right)
    {
        Assert.That((Parse(left).IsBelow(Parse(right)), Parse(right).IsBelow(Parse(left))), Is.EqualTo((false, false)));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("v")]
    [TestCase("1")]
    [TestCase("1.2")]
    [TestCase("1.2.3.4")]
    [TestCase("1.2.x")]
    [TestCase("1.2.-3")]
    [TestCase("1..3")]
    [TestCase("1.2.3-")]
    [TestCase("1.2.3-a..b")]
    [TestCase("1.2.3-ä")]
    [TestCase("1.2.3+")]
    [TestCase(" 1.2.3")]
    [TestCase("1.2.99999999999999999999")]
    public void Anything_else_is_no_version(string? text) =>
        Assert.That(SemanticVersion.TryParse(text, out _), Is.False);

    private static SemanticVersion Parse(string text) =>
        SemanticVersion.TryParse(text, out SemanticVersion? version) ? version : throw new ArgumentException(text);
}
