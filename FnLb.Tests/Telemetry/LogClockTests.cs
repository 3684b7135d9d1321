using System.Text;
using FnLb.Core.Telemetry;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace FnLb.Tests.Telemetry;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LogClockTests
{
    private const long Millisecond = 1_000_000;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 12, 31, 23, 59, 59, 998, TimeSpan.Zero));

    [Test]
    public void It_goes_with_the_loop_s_clock_to_the_millisecond()
    {
        LogClock clock = new(AccessLogFormat.Json, _time);

        string[] texts = [.. ((long[])[0, Millisecond - 1, Millisecond, 2 * Millisecond, 999 * Millisecond])
            .Select(now => Text(clock, 5_000_000_000 + now))];

        Assert.That(texts, Is.EqualTo((string[])
        [
            "2026-12-31T23:59:59.998Z", "2026-12-31T23:59:59.998Z", "2026-12-31T23:59:59.999Z",
            "2027-01-01T00:00:00.000Z", "2027-01-01T00:00:00.997Z",
        ]));
    }

    [Test]
    public void It_is_set_by_the_machine_s_clock_once_a_second()
    {
        LogClock clock = new(AccessLogFormat.Json, _time);
        _ = Text(clock, 0);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.That(Text(clock, 999 * Millisecond), Is.EqualTo("2027-01-01T00:00:00.997Z"));
        Assert.That(Text(clock, 1000 * Millisecond), Is.EqualTo("2027-01-01T00:59:59.998Z"));
    }

    [Test]
    public void As_text_it_is_that_of_web_servers()
    {
        LogClock clock = new(AccessLogFormat.Text, _time);

        Assert.That((Text(clock, 0), Text(clock, 2 * Millisecond)),
            Is.EqualTo(("31/Dec/2026:23:59:59", "01/Jan/2027:00:00:00")));
    }

    private static string Text(LogClock clock, long now) => Encoding.ASCII.GetString(clock.TextAt(now));
}
