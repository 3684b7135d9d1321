using FnLb.Tests.Harness;
using Microsoft.Playwright;
using NUnit.Framework;

namespace FnLb.Tests.Browser;

/// <summary>The parts of the page that keep what the balancer sends, each by itself.</summary>
public sealed class SeriesTests : BrowserTest
{
    [TestCase(-3600)]
    [TestCase(-30)]
    public async Task A_clock_that_is_set_back_takes_the_seconds_that_are_yet_to_come_with_it(int bySeconds)
    {
        int[] seconds = await RunAsync<int[]>(
            """
            by => import("./dash/series.js").then(({ Series }) => {
              const series = new Series();
              series.add([{ second: 99998 }, { second: 99999 }]);
              series.add([{ second: 100000 }]);
              series.add([{ second: 100000 + by }]);
              return series.data([])[0];
            })
            """,
            bySeconds);

        Assert.That(seconds, Is.EqualTo(new[] { 100_000 + bySeconds }));
    }

    [Test]
    public async Task The_busiest_are_those_of_now_after_a_clock_is_set_back()
    {
        string[] names = await RunAsync<string[]>(
            """
            () => import("./dash/series.js").then(({ SplitSeries }) => {
              const series = new SplitSeries();
              series.add(100000, [{ name: "before", callsPerSecond: 1 }], (item) => item.name);
              series.add(99970, [{ name: "now", callsPerSecond: 1 }], (item) => item.name);
              return series.names();
            })
            """);

        Assert.That(names, Is.EqualTo(new[] { "now" }));
    }

    [TestCase("abc", "cd", "cd")]
    [TestCase("abc", "dc", "dc")]
    [TestCase("abc", "cba", "abc")]
    [TestCase("abc", "dcb", "dbc")]
    [TestCase("ab", "cab", "abc")]
    [TestCase("abc", "", "")]
    public async Task A_name_keeps_its_line_while_it_is_busy_and_there_are_as_many_lines(
        string before, string busiest, string lines)
    {
        string[] names = await RunAsync<string[]>(
            """
            seconds => import("./dash/series.js").then(({ SplitSeries }) => {
              const series = new SplitSeries();
              seconds.forEach((names, second) => {
                const items = [...names].map((name, i) => ({ name, callsPerSecond: 100 - i }));
                series.add(second, items, (item) => item.name);
                series.names();
              });
              return series.names();
            })
            """,
            new[] { before, busiest });

        Assert.That(string.Concat(names), Is.EqualTo(lines));
    }

    [Test]
    public async Task A_stream_whose_reader_fails_is_closed_before_the_next_one()
    {
        IPage page = await OpenAsync(await StartFnlbAsync(StartNode()));
        TaskCompletionSource closed = new();
        page.RequestFailed += (_, request) => End(request);
        page.RequestFinished += (_, request) => End(request);
        void End(IRequest request)
        {
            if (request.Url.Contains("search=broken", StringComparison.Ordinal))
            {
                closed.TrySetResult();
            }
        }

        await page.EvaluateAsync(
            """
            () => import("./dash/feed.js").then(({ Feed }) => {
              const fail = () => { throw new Error("broken"); };
              new Feed({ state: () => {}, history: fail }).ask(1, "broken");
            })
            """);

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private async Task<T> RunAsync<T>(string script, object? argument = null)
    {
        IPage page = await OpenAsync(await StartFnlbAsync(StartNode()));
        return await page.EvaluateAsync<T>(script, argument);
    }
}
