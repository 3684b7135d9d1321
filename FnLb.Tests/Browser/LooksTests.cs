using FnLb.Tests.Harness;
using Microsoft.Playwright;
using NUnit.Framework;

namespace FnLb.Tests.Browser;

/// <summary>Whether the dashboard can be read: on a phone, in the dark, and by those who do not see it.</summary>
public sealed class LooksTests : BrowserTest
{
    // WCAG 2.2, 1.4.3: text against the nearest ground that is not transparent; a mark of colour is no text.
    private const string FaintTexts = """
        () => {
          const parse = (text) => text.match(/[\d.]+/g).map(Number);
          const luminance = ([r, g, b]) => [r, g, b].map((part) => part / 255)
            .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
            .reduce((sum, part, i) => sum + (part * [0.2126, 0.7152, 0.0722][i]), 0);
          const groundOf = (element) => {
            for (let at = element; at; at = at.parentElement) {
              const color = parse(getComputedStyle(at).backgroundColor);
              if (color.length < 4 || color[3] === 1) return color;
            }
          };
          const faint = [];
          for (const element of document.querySelectorAll("body *:not(svg *, option, dialog *)")) {
            const isText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
            if (!isText || element.checkVisibility() === false) continue;
            const [a, b] = [parse(getComputedStyle(element).color), groundOf(element)].map(luminance);
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) faint.push(`${element.className} ${element.textContent} ${ratio.toFixed(2)}`);
          }
          return faint;
        }
        """;

    private const string Nameless = """
        () => [...document.querySelectorAll("input, select, button, meter, svg, canvas, [role=region]")]
          .filter((element) => element.checkVisibility())
          .filter((element) => !element.closest("figure .chart"))
          .filter((element) => !(element.labels?.length || element.ariaLabel || element.textContent.trim())
            || (element.tagName === "SELECT" && !element.ariaLabel && !element.labels.length))
          .map((element) => element.outerHTML)
        """;

    [TestCase(ColorScheme.Light)]
    [TestCase(ColorScheme.Dark)]
    public async Task Every_text_stands_out_from_its_ground_and_every_control_has_a_name(ColorScheme scheme)
    {
        ScriptedNode[] nodes = [StartNode(WarmAsync), StartNode(WarmAsync)];
        FnlbProcess fnlb = await StartFnlbAsync(nodes);
        await fnlb.Admin.SendAsync(
            HttpMethod.Put, "/1/lb/nodes", $$"""{"node":"{{nodes[0].Address}}","state":"draining"}""");
        RawClient client = await ConnectAsync(fnlb);
        await client.GetAsync("/r/app/f");
        IPage page = await OpenAsync(fnlb, new BrowserNewPageOptions { ColorScheme = scheme });
        await page.GetByText("draining: no new calls").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "/r/app/f" }).ClickAsync();
        await page.Locator("#rank-table tbody tr").First.WaitForAsync();

        Assert.That(await page.EvaluateAsync<string[]>(FaintTexts), Is.Empty);
        Assert.That(await page.EvaluateAsync<string[]>(Nameless), Is.Empty);
        string? meter = await page.Locator("#node-table meter").First.GetAttributeAsync("aria-label");
        Assert.That(meter, Does.StartWith("In flight"));
    }

    [Test]
    public async Task On_a_phone_it_fits_the_nodes_come_before_the_charts_and_the_dark_is_the_system_s()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartFnlbAsync(node);
        await fnlb.Admin.SendAsync(
            HttpMethod.Put, "/1/lb/nodes", $$"""{"node":"{{node.Address}}","state":"draining"}""");
        IPage page = await OpenAsync(fnlb, new BrowserNewPageOptions
        {
            ColorScheme = ColorScheme.Dark,
            ViewportSize = new ViewportSize { Width = 390, Height = 844 },
            IsMobile = true,
        });
        await page.GetByText("draining: no new calls").WaitForAsync();
        await ShootAsync(page, "phone");

        float width = await page.EvaluateAsync<float>("document.documentElement.scrollWidth");
        float nodes = (await page.Locator("#nodes").BoundingBoxAsync())!.Y;
        float charts = (await page.Locator(".charts").BoundingBoxAsync())!.Y;
        ILocator button = page.GetByRole(AriaRole.Button, new() { Name = "Activate" });
        LocatorBoundingBoxResult drain = (await button.BoundingBoxAsync())!;
        string ground = await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        Assert.That(width, Is.LessThanOrEqualTo(390));
        Assert.That(nodes, Is.LessThan(charts));
        Assert.That(drain.X + drain.Width, Is.LessThanOrEqualTo(390), "nothing to scroll sideways for");
        Assert.That(ground, Is.EqualTo("rgb(18, 22, 28)"));
    }

    [Test]
    public async Task What_is_one_is_not_told_as_many_and_what_is_none_is_told_in_words()
    {
        FnlbProcess fnlb = await StartFnlbAsync(StartNode(WarmAsync));
        IPage page = await OpenAsync(fnlb);
        await page.GetByText("No function was called in the last 10 seconds.").WaitForAsync();
        await page.GetByText("1 of 1 takes calls").WaitForAsync();
        RawClient client = await ConnectAsync(fnlb);
        await client.GetAsync("/r/app/f");

        await page.Locator("#tiles").GetByText("1 connection", new() { Exact = true }).WaitForAsync();
        await page.Locator("#tiles").GetByText("1 function", new() { Exact = true }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "/r/app/f" }).ClickAsync();
        await page.Locator("#place-why").GetByText("1 call for 1 warm container,").WaitForAsync();
    }
}
