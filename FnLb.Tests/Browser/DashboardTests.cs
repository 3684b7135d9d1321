using System.Globalization;
using FnLb.Tests.Harness;
using Microsoft.Playwright;
using NUnit.Framework;

namespace FnLb.Tests.Browser;

/// <summary>What an operator sees and does in a browser.</summary>
/// <remarks>FNLB_SCREENSHOTS names a folder that gets pictures of what the tests saw.</remarks>
public sealed class DashboardTests : EndToEndTest
{
    private readonly List<string> _complaints = [];
    private readonly List<string> _asked = [];
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    [SetUp]
    public async Task OpenBrowser()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-dev-shm-usage"],
        });
    }

    [TearDown]
    public async Task CloseBrowser()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    [Test]
    public async Task Figures_charts_and_tables_follow_the_traffic_and_nothing_leaves_the_host()
    {
        ScriptedNode[] nodes = [StartNode(Warm), StartNode(Warm), StartNode(Warm)];
        FnlbProcess fnlb = await StartFnlbAsync(nodes);
        IPage page = await OpenAsync(fnlb, new BrowserNewPageOptions());
        using CancellationTokenSource done = new();
        Task load = LoadAsync(fnlb, done.Token);

        await page.WaitForFunctionAsync("() => Number(document.querySelector('#tiles dd').textContent) > 0");
        await page.WaitForFunctionAsync("() => document.querySelectorAll('#function-table tbody tr').length === 4");
        string before = await DrawingAsync(page);
        await Eventually.HoldsAsync(async () => await DrawingAsync(page) != before, "the chart moves");
        await page.GetByRole(AriaRole.Button, new() { Name = "/r/app/f1" }).ClickAsync();
        await page.WaitForFunctionAsync("() => document.querySelectorAll('#rank-table tbody tr').length === 3");
        await ShootAsync(page, "dashboard");
        await done.CancelAsync();
        await load;

        Assert.That(await page.Locator("#connection").TextContentAsync(), Is.EqualTo("live"));
        Assert.That(await page.Locator("#node-table tbody tr").CountAsync(), Is.EqualTo(3));
        Assert.That(await page.Locator("#ring circle.home").CountAsync(), Is.EqualTo(1));
        Assert.That(_asked, Is.All.StartsWith($"http://127.0.0.1:{fnlb.AdminPort}/"));
        Assert.That(_complaints, Is.Empty);
    }

    [Test]
    public async Task A_node_is_added_drained_and_removed_by_clicking()
    {
        ScriptedNode first = StartNode(Warm);
        ScriptedNode second = StartNode(Warm);
        FnlbProcess fnlb = await StartFnlbAsync([first], "--hc-interval=100ms");
        IPage page = await OpenAsync(fnlb, new BrowserNewPageOptions());

        await page.GetByLabel("Address of a node to add").FillAsync(second.Address);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        ILocator row = page.Locator($"#node-table tr[data-key='{second.Address}']");
        await row.GetByText("online").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"Drain {second.Address}" }).ClickAsync();
        await row.GetByText("draining").WaitForAsync();
        string drained = await NodesAsync(fnlb);
        await page.GetByRole(AriaRole.Button, new() { Name = $"Remove {second.Address}" }).ClickAsync();
        await page.Locator("#confirm-yes").ClickAsync();
        await row.WaitForAsync(new() { State = WaitForSelectorState.Detached });

        Assert.That(drained, Does.Contain("draining"));
        Assert.That(await NodesAsync(fnlb), Does.Not.Contain(second.Address));
        Assert.That(_complaints, Is.Empty);
    }

    [Test]
    public async Task An_address_that_is_none_is_refused_in_the_words_of_the_API_and_stays_to_be_mended()
    {
        FnlbProcess fnlb = await StartFnlbAsync(StartNode());
        IPage page = await OpenAsync(fnlb, new BrowserNewPageOptions());

        await page.GetByLabel("Address of a node to add").FillAsync("nowhere");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('#node-message.bad')?.textContent");

        Assert.That(await page.Locator("#node-message").TextContentAsync(), Does.Contain("nowhere"));
        Assert.That(await page.GetByLabel("Address of a node to add").InputValueAsync(), Is.EqualTo("nowhere"));
    }

    [Test]
    public async Task It_fits_a_phone_and_is_dark_where_the_system_is()
    {
        FnlbProcess fnlb = await StartFnlbAsync(StartNode());
        IPage page = await OpenAsync(fnlb, new BrowserNewPageOptions
        {
            ColorScheme = ColorScheme.Dark,
            ViewportSize = new ViewportSize { Width = 390, Height = 844 },
        });
        await page.Locator("#node-table tbody tr").WaitForAsync();
        await ShootAsync(page, "dashboard-phone");

        int overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth");
        string ground = await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        Assert.That(overflow, Is.LessThanOrEqualTo(0));
        Assert.That(ground, Is.EqualTo("rgb(18, 22, 28)"));
    }

    [Test]
    public async Task The_tables_are_sorted_by_keyboard()
    {
        ScriptedNode[] nodes = [StartNode(), StartNode()];
        IPage page = await OpenAsync(await StartFnlbAsync(nodes), new BrowserNewPageOptions());
        await page.WaitForFunctionAsync("() => document.querySelectorAll('#node-table tbody tr').length === 2");
        string[] ascending = await KeysAsync(page);

        await page.Locator("#node-table th button").First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        Assert.That(await KeysAsync(page), Is.EqualTo(ascending.Reverse()));
        ILocator title = page.Locator("#node-table th").First;
        Assert.That(await title.GetAttributeAsync("aria-sort"), Is.EqualTo("descending"));
    }

    private static Task Warm(NodeCall call) => call.AnswerAsync("done", "XXX-FXLB-WAIT: 30us\r\n");

    private static Task<string> DrawingAsync(IPage page) =>
        page.EvaluateAsync<string>("document.querySelector('#chart-calls canvas').toDataURL()");

    private static Task<string[]> KeysAsync(IPage page) => page.EvaluateAsync<string[]>(
        "[...document.querySelectorAll('#node-table tbody tr')].map(row => row.dataset.key)");

    private static async Task<string> NodesAsync(FnlbProcess fnlb) =>
        (await fnlb.Admin.SendAsync(HttpMethod.Get, "/1/lb/nodes?verbose=true")).Body;

    private static async Task ShootAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("FNLB_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
        }
    }

    private async Task LoadAsync(FnlbProcess fnlb, CancellationToken done)
    {
        RawClient client = await ConnectAsync(fnlb);
        using PeriodicTimer tick = new(TimeSpan.FromMilliseconds(10));
        for (int i = 0; !done.IsCancellationRequested; i++)
        {
            await client.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/r/app/f{i * i % 7 % 5}"));
            await tick.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task<IPage> OpenAsync(FnlbProcess fnlb, BrowserNewPageOptions options)
    {
        IPage page = await _browser.NewPageAsync(options);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _complaints.Add(error);
        page.Request += (_, request) => _asked.Add(request.Url);
        await page.GotoAsync($"http://127.0.0.1:{fnlb.AdminPort}/1/lb/dash");
        return page;
    }
}
