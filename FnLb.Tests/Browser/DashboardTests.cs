using System.Globalization;
using FnLb.Tests.Harness;
using Microsoft.Playwright;
using NUnit.Framework;

namespace FnLb.Tests.Browser;

/// <summary>What an operator sees and does in a browser.</summary>
public sealed class DashboardTests : BrowserTest
{
    private const string LongPath = "/r/app/with-a-name-that-is-longer-than-what-is-kept-of-it";

    [Test]
    public async Task Figures_charts_and_tables_follow_the_traffic_and_nothing_leaves_the_host()
    {
        ScriptedNode[] nodes = [StartNode(WarmAsync), StartNode(WarmAsync), StartNode(WarmAsync)];
        FnlbProcess fnlb = await StartFnlbAsync(nodes);
        IPage page = await OpenAsync(fnlb);
        using CancellationTokenSource done = new();
        Task load = LoadAsync(fnlb, i => Get($"/r/app/f{i * i % 7 % 5}"), done.Token);

        await page.WaitForFunctionAsync("() => Number(document.querySelector('#tiles dd').textContent) > 0");
        await page.WaitForFunctionAsync("() => document.querySelectorAll('#function-table tbody tr').length === 4");
        string before = await DrawingAsync(page);
        await Eventually.HoldsAsync(async () => await DrawingAsync(page) != before, "the chart moves");
        await page.WaitForFunctionAsync(
            "() => [...document.querySelectorAll('figure:nth-of-type(2) .legend b')]"
                + ".every(value => / .?s$/.test(value.textContent))");
        await page.GetByRole(AriaRole.Button, new() { Name = "/r/app/f1" }).ClickAsync();
        await page.WaitForFunctionAsync("() => document.querySelectorAll('#rank-table tbody tr').length === 3");
        string home = await page.Locator("#rank-table tbody tr").First.GetAttributeAsync("data-key") ?? "";
        string listed = await page.Locator("#function-table tbody tr[data-key='/r/app/f1'] > *")
            .Nth(await ColumnAsync(page, "#function-table", "Home")).TextContentAsync() ?? "";
        await ShootAsync(page, "traffic");
        await done.CancelAsync();
        await load;

        Assert.That(await page.Locator("#connection").TextContentAsync(), Is.EqualTo("live"));
        Assert.That(await page.Locator("#node-table tbody tr").CountAsync(), Is.EqualTo(3));
        Assert.That(await page.Locator("#ring circle.home").CountAsync(), Is.EqualTo(1));
        Assert.That(listed, Is.EqualTo(home));
        Assert.That(await page.Locator("#exposure").IsVisibleAsync(), Is.False);
        Assert.That(Asked, Is.All.StartsWith($"http://127.0.0.1:{fnlb.AdminPort}/"));
        Assert.That(Complaints, Is.Empty);
    }

    [Test]
    public async Task A_page_that_is_opened_late_has_the_last_minute_of_the_busiest_nodes_in_its_chart()
    {
        ScriptedNode node = StartNode(WarmAsync);
        FnlbProcess fnlb = await StartFnlbAsync(node);
        using CancellationTokenSource done = new();
        Task load = LoadAsync(fnlb, _ => Get("/r/app/f"), done.Token);
        IPage first = await OpenAsync(fnlb);
        await UpdatesAsync(first, 3);
        await done.CancelAsync();
        await load;

        IPage page = await OpenAsync(fnlb);
        await page.Locator("#chart-split canvas").WaitForAsync();

        // What the pointer is on is told in the legend: the minute begins before the node had calls.
        await page.Locator("#chart-split .u-over").HoverAsync(new() { Position = new() { X = 2, Y = 50 } });
        await page.Locator(".legend.many li").First.GetByText("0", new() { Exact = true }).WaitForAsync();
        Assert.That(await page.Locator(".legend.many li").First.TextContentAsync(), Does.StartWith(node.Address));
    }

    [Test]
    public async Task A_node_is_added_drained_and_removed_by_clicking()
    {
        ScriptedNode first = StartNode(WarmAsync);
        ScriptedNode second = StartNode(WarmAsync);
        FnlbProcess fnlb = await StartFnlbAsync([first], "--hc-interval=100ms");
        IPage page = await OpenAsync(fnlb);

        await page.GetByLabel("Address of a node to add").FillAsync(second.Address);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        ILocator row = page.Locator($"#node-table tr[data-key='{second.Address}']");
        await row.GetByText("online").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"Drain {second.Address}" }).ClickAsync();
        await row.GetByText("draining", new() { Exact = true }).WaitForAsync();
        await row.GetByText("draining: no new calls").WaitForAsync();
        string drained = await NodesAsync(fnlb);
        await page.GetByRole(AriaRole.Button, new() { Name = $"Remove {second.Address}" }).ClickAsync();
        await page.Locator("#confirm-yes").ClickAsync();
        await row.WaitForAsync(new() { State = WaitForSelectorState.Detached });

        Assert.That(drained, Does.Contain("draining"));
        Assert.That(await NodesAsync(fnlb), Does.Not.Contain(second.Address));
        Assert.That(Complaints, Is.Empty);
    }

    [Test]
    public async Task An_address_that_is_none_is_refused_in_the_words_of_the_API_and_stays_to_be_mended()
    {
        FnlbProcess fnlb = await StartFnlbAsync(StartNode());
        IPage page = await OpenAsync(fnlb);

        await page.GetByLabel("Address of a node to add").FillAsync("nowhere");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('#node-message.bad')?.textContent");

        Assert.That(await page.Locator("#node-message").TextContentAsync(), Does.Contain("nowhere"));
        Assert.That(await page.GetByLabel("Address of a node to add").InputValueAsync(), Is.EqualTo("nowhere"));
    }

    [Test]
    public async Task A_function_is_found_on_the_ring_whatever_names_it()
    {
        ScriptedNode[] nodes = [StartNode(WarmAsync), StartNode(WarmAsync)];
        FnlbProcess fnlb = await StartFnlbAsync(nodes, "-route-key=header:Fn-Id");
        IPage page = await OpenAsync(fnlb);
        using CancellationTokenSource done = new();
        string longPath = string.Concat(Enumerable.Repeat(LongPath, 5));
        string[] requests = [Get("/x", "Fn-Id: thumbs 100%\r\n"), Get("/x", "Fn-Id: tâche\r\n"), Get(longPath)];
        Task load = LoadAsync(fnlb, i => requests[i % requests.Length], done.Token);
        await page.WaitForFunctionAsync("() => document.querySelectorAll('#function-table tbody tr').length === 3");

        foreach (string name in (string[])["thumbs 100%", "tâche", LongPath])
        {
            ILocator function = page.Locator("#function-table").GetByRole(AriaRole.Button, new() { Name = name });
            string shown = (await function.TextContentAsync())!;
            await function.ClickAsync();
            await page.GetByRole(AriaRole.Heading, new() { Name = $"Where {shown} lives" }).WaitForAsync();
            await page.Locator("#ring circle.home").WaitForAsync();
            string home = await page.Locator("#rank-table tbody tr").First.GetAttributeAsync("data-key") ?? "";
            await page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
            string[] reached = [.. nodes.Where(node => node.Address == home).SelectMany(node => node.Calls)
                .Select(call => call.Head.Value("Fn-Id") ?? call.Target).Distinct()];
            Assert.That(reached.Any(call => call.StartsWith(name[..1], StringComparison.Ordinal)), home);
        }

        await done.CancelAsync();
        await load;
        Assert.That(Complaints, Is.Empty);
    }

    [Test]
    public async Task Closing_the_place_during_a_call_that_fails_ends_its_polling()
    {
        FnlbProcess fnlb = await StartFnlbAsync(StartNode(WarmAsync));
        IPage page = await OpenAsync(fnlb);
        RawClient client = await ConnectAsync(fnlb);
        await client.GetAsync("/r/app/f");
        TaskCompletionSource asked = new();
        TaskCompletionSource closed = new();
        await page.RouteAsync("**/1/lb/route?*", async route =>
        {
            asked.TrySetResult();
            await closed.Task;
            await route.AbortAsync();
        });

        await page.GetByRole(AriaRole.Button, new() { Name = "/r/app/f" }).ClickAsync();
        await asked.Task;
        await page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        closed.SetResult();
        await UpdatesAsync(page, 4);

        Assert.That(Asked.Count(url => url.Contains("/1/lb/route?", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task An_open_node_API_is_warned_of_with_who_reaches_it_and_what_closes_it()
    {
        int port = FreePort.Next();
        int adminPort = FreePort.Next();
        FnlbProcess fnlb = Own(FnlbProcess.Launch(
            port, adminPort, [$"-listen=127.0.0.1:{port}", $"-mgmt-listen=0.0.0.0:{adminPort}"]));
        await fnlb.WaitUntilListeningAsync();
        IPage page = await OpenAsync(fnlb);

        await page.Locator("#exposure").WaitForAsync();
        await page.GetByText("No node yet").WaitForAsync();

        string text = (await page.Locator("#exposure").TextContentAsync())!;
        string address = string.Create(CultureInfo.InvariantCulture, $"0.0.0.0:{adminPort}");
        Assert.That(text, Does.Contain(address).And.Contain("-admin-token-file").And.Contain("-mgmt-listen"));
    }

    private static Task<string> DrawingAsync(IPage page) =>
        page.EvaluateAsync<string>("document.querySelector('#chart-calls canvas').toDataURL()");
}
