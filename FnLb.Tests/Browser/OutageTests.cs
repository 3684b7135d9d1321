using FnLb.Tests.Harness;
using Microsoft.Playwright;
using NUnit.Framework;

namespace FnLb.Tests.Browser;

/// <summary>What an operator sees while something is broken.</summary>
public sealed class OutageTests : BrowserTest
{
    [Test]
    public async Task Calls_that_no_node_answers_are_shown_as_calls_and_as_errors_of_the_balancer_and_the_node()
    {
        ScriptedNode node = StartNode(call =>
        {
            call.Connection.Dispose();
            return Task.CompletedTask;
        });
        FnlbProcess fnlb = await StartFnlbAsync(node);
        IPage page = await OpenAsync(fnlb);
        using CancellationTokenSource done = new();
        Task load = LoadAsync(fnlb, _ => Get("/r/app/f"), done.Token);

        await page.WaitForFunctionAsync("""
            () => {
              const texts = (title) => [...document.querySelectorAll("#tiles div")]
                .find((tile) => tile.querySelector("dt").textContent === title)
                .querySelectorAll("dd");
              const errors = texts("Errors a second");
              return Number(texts("Calls a second")[0].textContent) > 0
                && Number(errors[0].textContent) > 0
                && errors[1].textContent === `${errors[0].textContent} of our own`;
            }
            """);
        await page.WaitForFunctionAsync(
            "() => Number(document.querySelector('#chart-calls').closest('figure')"
                + ".querySelectorAll('.legend b')[1].textContent) > 0");
        await page.WaitForFunctionAsync(
            "column => Number(document.querySelectorAll('#node-table tbody tr > *')[column].textContent) > 0",
            await ColumnAsync(page, "#node-table", "Errors/s"));
        await done.CancelAsync();
        await load;

        Assert.That(Complaints, Is.Empty);
    }

    [Test]
    public async Task A_page_that_hears_nothing_new_says_so_and_goes_on_when_it_does()
    {
        FnlbProcess fnlb = await StartFnlbAsync(StartNode());
        IPage page = await OpenAsync(fnlb);
        await UpdatesAsync(page, 1);

        using (StuckThread.LoopOf(fnlb.Id))
        {
            await page.Locator("#connection").GetByText("connection lost").WaitForAsync();
            await page.GetByText("Nothing here is new: the balancer has told nothing new for 5 s.").WaitForAsync();
        }

        await page.Locator("#connection").GetByText("live").WaitForAsync();
        await UpdatesAsync(page, 1);
    }
}
