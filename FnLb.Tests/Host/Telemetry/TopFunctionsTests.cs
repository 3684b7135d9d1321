using FnLb.Core.Telemetry;
using FnLb.Host.Telemetry;
using NUnit.Framework;

namespace FnLb.Tests.Host.Telemetry;

public sealed class TopFunctionsTests
{
    [Test]
    public void One_that_is_in_stays_until_another_is_called_half_as_much_again()
    {
        Assert.That(Choose(("/old", 10), ("/new", 14)), Is.EqualTo((string[])["/old"]));
        Assert.That(Choose(("/old", 10), ("/new", 16)), Is.EqualTo((string[])["/new"]));
        Assert.That(Choose(), Is.EqualTo((string[])["/old"]));
    }

    private static HashSet<string> Choose(params (string Function, int Calls)[] rows) => TopFunctions.Choose(
        rows.Select(row => new StatsRow(row.Function, "a:1") { Calls = row.Calls }), new HashSet<string> { "/old" }, 1);
}
