using FnLb.Host.Demo;
using FnLb.Tests.Harness;
using Microsoft.Playwright;
using NUnit.Framework;

namespace FnLb.Tests.Browser;

/// <summary>
/// The pictures of the documentation: eight nodes under load, with a peak that spills and one node drained.
/// </summary>
[Explicit("It runs for four minutes; FNLB_SCREENSHOTS names the folder of the pictures.")]
public sealed class DashboardPictures : BrowserTest
{
    private const int NodeCount = 8;
    private const int FunctionCount = 24;
    private const int CalmClients = 22;
    private const int PeakClients = 45;
    private const int CalmUpdates = 150;
    private const int PeakUpdates = 25;
    private const int DrainUpdates = 40;

    private static readonly string[] Names =
    [
        "resize", "thumbnail", "ocr", "translate", "invoice", "webhook", "search", "notify", "geocode", "transcode",
        "checksum", "export",
    ];

    private readonly List<SampleNode> _samples = [];

    [TearDown]
    public async Task StopNodes()
    {
        foreach (SampleNode node in _samples)
        {
            await node.DisposeAsync();
        }
    }

    [Test]
    public async Task Pictures_of_a_cluster_at_work()
    {
        SampleFunction[] functions = [.. Enumerable.Range(0, FunctionCount).Select(FunctionOf)];
        for (int number = 0; number < NodeCount; number++)
        {
            _samples.Add(await SampleNode.StartAsync(
                new SampleNodeOptions { Functions = functions, Slots = 5, ContainersPerSlot = 2, Seed = number },
                TimeProvider.System));
        }

        FnlbProcess fnlb = await StartBeforeAsync(_samples.Select(node => node.Address));
        IPage page = await OpenAsync(fnlb, Size(1360, ColorScheme.Light));
        using CancellationTokenSource calm = new();
        using CancellationTokenSource peak = new();
        Task[] load = [.. Clients(fnlb, functions, CalmClients, calm.Token)];
        page.SetDefaultTimeout(CalmUpdates * 2000);
        await UpdatesAsync(page, CalmUpdates);
        Task[] more = [.. Clients(fnlb, functions, PeakClients, peak.Token)];
        await UpdatesAsync(page, PeakUpdates);
        await peak.CancelAsync();
        await Task.WhenAll(more);
        await fnlb.Admin.SendAsync(
            HttpMethod.Put, "/1/lb/nodes", $$"""{"node":"{{_samples[4].Address}}","state":"draining"}""");
        await UpdatesAsync(page, DrainUpdates);
        await ShootAsync(page, "dashboard-dark", ColorScheme.Dark, place: false);
        await ShootAsync(page, "dashboard", ColorScheme.Light, place: true);
        await page.SetViewportSizeAsync(390, 844);
        await page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await ShootAsync(page, "dashboard-phone", ColorScheme.Dark, place: false);
        await calm.CancelAsync();
        await Task.WhenAll(load);
    }

    private static SampleFunction FunctionOf(int number) =>
        new($"/r/{(number < Names.Length ? "shop" : "media")}/{Names[number % Names.Length]}")
        {
            ColdStart = TimeSpan.FromMilliseconds(300 + (40 * (number % 7))),
            Duration = TimeSpan.FromMilliseconds(8 + (number * number % 90)),
            IdleTimeout = TimeSpan.FromMilliseconds(number % 4 == 3 ? 250 : 60_000),
        };

    private static BrowserNewPageOptions Size(int width, ColorScheme scheme) => new()
    {
        ViewportSize = new ViewportSize { Width = width, Height = 900 },
        ColorScheme = scheme,
    };

    private static async Task ShootAsync(IPage page, string name, ColorScheme scheme, bool place)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        if (place)
        {
            await page.Locator("#function-table tbody button").First.ClickAsync();
            await page.Locator("#ring circle.home").WaitForAsync();
        }

        // As high as the page, so that nothing waits to be scrolled to; but of a phone only what it shows first.
        int width = page.ViewportSize!.Width;
        int height = width < 500 ? 1500 : await page.EvaluateAsync<int>("document.documentElement.scrollHeight");
        await page.Mouse.MoveAsync(0, 0);
        await page.SetViewportSizeAsync(width, height);
        await UpdatesAsync(page, 2);
        await page.EvaluateAsync("document.activeElement.blur(); scrollTo(0, 0)");
        await page.ScreenshotAsync(new()
        {
            Path = Path.Combine(Environment.GetEnvironmentVariable("FNLB_SCREENSHOTS")!, $"{name}.png"),
        });
    }

    private IEnumerable<Task> Clients(
        FnlbProcess fnlb, SampleFunction[] functions, int count, CancellationToken done)
    {
        // A few functions have most of the calls, and what they are asked for goes up and down.
        return Enumerable.Range(0, count).Select(client => LoadAsync(
            fnlb, i => Get(functions[(i * (client + 3) % FunctionCount * (i % 3)) % FunctionCount].Path), done));
    }
}
