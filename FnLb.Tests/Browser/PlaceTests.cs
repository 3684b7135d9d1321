using FnLb.Tests.Harness;
using Microsoft.Playwright;
using NUnit.Framework;

namespace FnLb.Tests.Browser;

/// <summary>Where a function lives, as long as the balancer has not said so.</summary>
public sealed class PlaceTests : BrowserTest
{
    [Test]
    public async Task A_function_is_not_shown_where_the_one_before_lives_and_is_sorted_before_its_answer()
    {
        FnlbProcess fnlb = await StartFnlbAsync(StartNode(WarmAsync));
        IPage page = await OpenAsync(fnlb);
        RawClient client = await ConnectAsync(fnlb);
        await client.GetAsync("/r/app/first");
        await client.GetAsync("/r/app/second");
        ILocator rows = page.Locator("#rank-table tbody tr");
        await page.GetByRole(AriaRole.Button, new() { Name = "/r/app/first" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(1);

        TaskCompletionSource mayAnswer = new();
        await page.RouteAsync("**/1/lb/route?*", async route =>
        {
            await mayAnswer.Task;
            await route.ContinueAsync();
        });
        await page.GetByRole(AriaRole.Button, new() { Name = "/r/app/second" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Where /r/app/second lives" }).WaitForAsync();
        int before = await rows.CountAsync();
        int homes = await page.Locator("#ring circle.home").CountAsync();
        await page.Locator("#rank-table th button").First.ClickAsync();
        mayAnswer.SetResult();
        await Assertions.Expect(rows).ToHaveCountAsync(1);

        Assert.That((before, homes), Is.EqualTo((0, 0)));
        Assert.That(Complaints, Is.Empty);
    }
}
