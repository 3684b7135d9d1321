using NUnit.Framework;

namespace FnLb.Tests.HouseRules;

public sealed class LogIdRuleTests
{
    [Test]
    public void Every_log_line_has_an_id_of_its_own() => SourceTree.AssertNone(LogIdRule.Check(SourceTree.Files));

    [TestCase("[LoggerMessage(3001, a)]\n[LoggerMessage(3001, b)]")]
    [TestCase("[LoggerMessage(3001, a)]\n[LoggerMessage(\n    EventId = 3001, Level = b)]")]
    [TestCase("[LoggerMessage(LogLevel.Warning, a)]")]
    public void An_id_used_twice_or_left_out_is_found(string text) =>
        Assert.That(LogIdRule.Check([new SourceFile("FnLb.Core/Health/A.cs", text)]), Has.Exactly(1).Items);

    [Test]
    public void An_id_used_twice_in_two_files_is_found_in_the_second()
    {
        SourceFile first = new("FnLb.Core/Health/A.cs", "[LoggerMessage(3001, LogLevel.Warning, \"a\")]");
        SourceFile second = new("FnLb.Host/Admin/B.cs", "\n[LoggerMessage(3001, LogLevel.Warning, \"b\")]");
        Finding[] expected = [new("FnLb.Host/Admin/B.cs", 2, "has the id of FnLb.Core/Health/A.cs:1: 3001")];
        Assert.That(LogIdRule.Check([first, second]), Is.EqualTo(expected));
    }

    [Test]
    public void Different_ids_are_let_through()
    {
        SourceFile file = new("FnLb.Core/Health/A.cs", "[LoggerMessage(3001, a)]\n[LoggerMessage(3002, b)]");
        Assert.That(LogIdRule.Check([file]), Is.Empty);
    }
}
