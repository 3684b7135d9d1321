using FnLb.Tests.Harness;
using Microsoft.Playwright;
using NUnit.Framework;

namespace FnLb.Tests.Browser;

/// <summary>Base of tests that look at the dashboard of the executable in Chromium.</summary>
/// <remarks>FNLB_SCREENSHOTS names a folder that gets pictures of what the tests saw.</remarks>
public abstract class BrowserTest : EndToEndTest
{
    private readonly List<string> _complaints = [];
    private readonly List<string> _asked = [];
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    /// <summary>Errors and warnings of the pages.</summary>
    private protected IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Every address that the pages have asked for.</summary>
    private protected IReadOnlyList<string> Asked => _asked;

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

    private protected static Task WarmAsync(NodeCall call) => call.AnswerAsync("done", "XXX-FXLB-WAIT: 30us\r\n");

    private protected static Task<string[]> NodeOrderAsync(IPage page) => page.EvaluateAsync<string[]>(
        "[...document.querySelectorAll('#node-table tbody tr')].map(row => row.dataset.key)");

    /// <returns>The place of a column of a table, by its title.</returns>
    private protected static async Task<int> ColumnAsync(IPage page, string table, string title)
    {
        int column = await page.EvaluateAsync<int>(
            "([table, title]) => [...document.querySelectorAll(`${table} thead th`)]"
                + ".findIndex(head => head.textContent.trim().startsWith(title))",
            new[] { table, title });
        Assert.That(column, Is.Not.Negative, $"{table} has a column {title}");
        return column;
    }

    private protected static async Task<string> NodesAsync(FnlbProcess fnlb) =>
        (await fnlb.Admin.SendAsync(HttpMethod.Get, "/1/lb/nodes?verbose=true")).Body;

    /// <summary>Returns when the page has drawn so many snapshots more.</summary>
    private protected static async Task UpdatesAsync(IPage page, int updates)
    {
        int before = await page.EvaluateAsync<int>("Number(document.body.dataset.updates ?? 0)");
        await page.WaitForFunctionAsync("least => Number(document.body.dataset.updates) >= least", before + updates);
    }

    private protected static async Task ShootAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("FNLB_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
        }
    }

    /// <param name="before">What the page is given before it runs: a script.</param>
    private protected async Task<IPage> OpenAsync(
        FnlbProcess fnlb, BrowserNewPageOptions? options = null, string? before = null)
    {
        IPage page = await _browser.NewPageAsync(options ?? new BrowserNewPageOptions());
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _complaints.Add(error);
        page.Request += (_, request) => _asked.Add(request.Url);
        if (before is not null)
        {
            await page.AddInitScriptAsync(before);
        }

        await page.GotoAsync($"http://127.0.0.1:{fnlb.AdminPort}/1/lb/dash");
        return page;
    }

    /// <summary>Calls paths in turn, a hundred calls a second, until stopped.</summary>
    private protected async Task LoadAsync(FnlbProcess fnlb, Func<int, string> requestOf, CancellationToken done)
    {
        RawClient client = await ConnectAsync(fnlb);
        using PeriodicTimer tick = new(TimeSpan.FromMilliseconds(10));
        for (int i = 0; !done.IsCancellationRequested; i++)
        {
            await client.CallAsync(requestOf(i));
            await tick.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private protected static string Get(string path, string fields = "") =>
        $"GET {path} HTTP/1.1\r\nHost: fn.test\r\n{fields}\r\n";
}
