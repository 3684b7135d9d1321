using FnLb.Tests.Harness;
using Microsoft.Playwright;
using NUnit.Framework;

namespace FnLb.Tests.Browser;

/// <summary>The dashboard of a balancer whose admin API asks for a token.</summary>
public sealed class TokenTests : BrowserTest
{
    private const string Token = "writer-0123456789";
    private const string StaleToken = "sessionStorage.setItem('fnlb-token', 'stale-0123456789')";

    [Test]
    public async Task The_page_asks_for_the_token_itself_and_works_with_it()
    {
        ScriptedNode node = StartNode();
        FnlbProcess fnlb = await StartLockedAsync(node);
        IPage page = await OpenAsync(fnlb);

        await EnterTokenAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = $"Drain {node.Address}" }).ClickAsync();
        await page.Locator("#node-table").GetByText("draining", new() { Exact = true }).WaitForAsync();

        Assert.That(await page.Locator("#connection").TextContentAsync(), Is.EqualTo("live"));
    }

    [Test]
    public async Task Enter_uses_the_token_and_Cancel_drops_it()
    {
        FnlbProcess fnlb = await StartLockedAsync(StartNode());
        IPage page = await OpenAsync(fnlb);
        ILocator dialog = page.Locator("#token-dialog");

        await page.GetByLabel("Admin token").FillAsync(Token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(dialog).ToBeHiddenAsync();
        string? dropped = await page.EvaluateAsync<string?>("sessionStorage.getItem('fnlb-token')");
        await page.GetByRole(AriaRole.Button, new() { Name = "Token", Exact = true }).ClickAsync();
        await page.GetByLabel("Admin token").FillAsync(Token);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#connection").GetByText("live").WaitForAsync();

        Assert.That(dropped, Is.Null);
    }

    [Test]
    public async Task A_stale_token_is_sent_once_and_never_again_so_that_it_locks_nobody_out()
    {
        FnlbProcess fnlb = await StartLockedAsync(StartNode());
        IPage page = await OpenAsync(fnlb, before: $"{StaleToken}; setTimeout(() => window.later = true, 5000)");
        await page.Locator("#connection").GetByText("token needed").WaitForAsync();

        // Two more tries would have been made by then.
        await page.WaitForFunctionAsync("() => window.later");
        int tries = Asked.Count(url => url.Contains("/1/lb/events", StringComparison.Ordinal));
        await EnterTokenAsync(page);
        await page.Locator("#connection").GetByText("live").WaitForAsync();

        Assert.That(tries, Is.EqualTo(1));
        Assert.That(await page.Locator("#trouble").IsVisibleAsync(), Is.False);
    }

    private static async Task EnterTokenAsync(IPage page)
    {
        await page.GetByLabel("Admin token").FillAsync(Token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Use" }).ClickAsync();
    }

    private async Task<FnlbProcess> StartLockedAsync(ScriptedNode node)
    {
        string tokens = Folder.In("tokens");
        await File.WriteAllTextAsync(tokens, $"write {Token}\n");
        int port = FreePort.Next();
        int adminPort = FreePort.Next();
        FnlbProcess fnlb = Own(FnlbProcess.Launch(port, adminPort, [
            $"-listen=127.0.0.1:{port}", $"-mgmt-listen=127.0.0.1:{adminPort}", $"-nodes={node.Address}",
            $"-admin-token-file={tokens}"]));
        await fnlb.WaitUntilListeningAsync();
        return fnlb;
    }
}
