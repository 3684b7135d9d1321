using NUnit.Framework;

namespace FnLb.Tests.HouseRules;

public sealed class SleepRuleTests
{
    [Test]
    public void No_test_sleeps() => SourceTree.AssertNone(SourceTree.Files.SelectMany(SleepRule.Check));

    // In halves, or the rule would find its own samples.
    [TestCase("Thread" + ".Sleep(pause);")]
    [TestCase("await Task" + ".Delay(100);")]
    [TestCase("await Task" + ".Delay(TimeSpan.FromSeconds(1), token);")]
    public void A_fixed_pause_is_found(string line) =>
        Assert.That(SleepRule.Check(new SourceFile("FnLb.Tests/EndToEnd/A.cs", line)), Has.Exactly(1).Items);

    [TestCase("FnLb.Tests/Harness/A.cs", "await Task.Delay(PollInterval, deadline);")]
    [TestCase("FnLb.Host/Demo/A.cs", "await Task" + ".Delay(100);")]
    public void A_poll_and_a_pause_outside_the_tests_are_let_through(string path, string line) =>
        Assert.That(SleepRule.Check(new SourceFile(path, line)), Is.Empty);
}
