using FnLb.Tests.Harness;
using Microsoft.Playwright;
using NUnit.Framework;

namespace FnLb.Tests.Browser;

/// <summary>The dashboard by keyboard alone.</summary>
public sealed class KeyboardTests : BrowserTest
{
    [Test]
    public async Task The_tables_are_sorted_by_keyboard()
    {
        ScriptedNode[] nodes = [StartNode(), StartNode()];
        IPage page = await OpenAsync(await StartFnlbAsync(nodes));
        await page.WaitForFunctionAsync("() => document.querySelectorAll('#node-table tbody tr').length === 2");
        string[] ascending = await NodeOrderAsync(page);

        await page.Locator("#node-table th button").First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        Assert.That(await NodeOrderAsync(page), Is.EqualTo(ascending.Reverse()));
        ILocator title = page.Locator("#node-table th").First;
        Assert.That(await title.GetAttributeAsync("aria-sort"), Is.EqualTo("descending"));
    }

    [Test]
    public async Task Focus_stays_on_a_row_s_button_while_the_rows_are_sorted_anew()
    {
        ScriptedNode[] nodes = [StartNode(WarmAsync), StartNode(WarmAsync)];
        FnlbProcess fnlb = await StartFnlbAsync(nodes);
        IPage page = await OpenAsync(fnlb);
        await page.GetByRole(AriaRole.Button, new() { Name = "Calls/s" }).First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await UpdatesAsync(page, 1);
        string last = (await NodeOrderAsync(page))[^1];
        ILocator drain = page.GetByRole(AriaRole.Button, new() { Name = $"Drain {last}" });
        await drain.FocusAsync();
        using CancellationTokenSource done = new();
        string path = await HomedAtAsync(fnlb, last);
        Task load = LoadAsync(fnlb, _ => Get(path), done.Token);
        ILocator calls = page.Locator($"#node-table tr[data-key='{last}'] td[data-title='Calls/s']");
        await Assertions.Expect(calls).Not.ToHaveTextAsync("0");
        await UpdatesAsync(page, 2);

        bool isFocused = await drain.EvaluateAsync<bool>("button => button === document.activeElement");
        string[] held = await NodeOrderAsync(page);
        await page.Keyboard.PressAsync("Enter");
        ILocator row = page.Locator($"#node-table tr[data-key='{last}']");
        await row.GetByText("draining", new() { Exact = true }).WaitForAsync();
        await page.Keyboard.PressAsync("Shift+Tab");
        await page.Locator("#node-search").FocusAsync();
        await page.WaitForFunctionAsync(
            "key => document.querySelector('#node-table tbody tr').dataset.key === key", last);
        await done.CancelAsync();
        await load;

        Assert.That(isFocused, Is.True);
        Assert.That(held[^1], Is.EqualTo(last), "the order stands still under the focus");
        Assert.That(await NodesAsync(fnlb), Does.Contain("draining"));
    }

    [Test]
    public async Task A_node_is_added_by_keyboard()
    {
        ScriptedNode second = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(StartNode());
        IPage page = await OpenAsync(fnlb);

        await page.Locator("#node-search").FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(second.Address);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator($"#node-table tr[data-key='{second.Address}']").WaitForAsync();

        Assert.That(await NodesAsync(fnlb), Does.Contain(second.Address));
    }

    // A path that goes to that node.
    private static async Task<string> HomedAtAsync(FnlbProcess fnlb, string node)
    {
        for (int number = 0; ; number++)
        {
            string path = $"/r/app/f{number}";
            string answer = (await fnlb.Admin.SendAsync(HttpMethod.Get, $"/1/lb/route?path={path}")).Body;
            if (answer.Contains($"\"node\":\"{node}\",\"reason\"", StringComparison.Ordinal))
            {
                return path;
            }
        }
    }
}
