using System.Text;
using System.Text.RegularExpressions;
using FnLb.Host.Dashboard;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace FnLb.Tests.Host.Dashboard;

public sealed partial class DashboardPageTests
{
    private static readonly string[] Files =
    [
        "", "/main.js", "/advice.js", "/api.js", "/chart.js", "/dom.js", "/feed.js", "/format.js", "/functions.js",
        "/nodes.js", "/place.js", "/series.js", "/table.js", "/tiles.js", "/style.css",
    ];

    [TestCaseSource(nameof(Files))]
    public async Task Every_file_forbids_inline_scripts_and_other_hosts_and_needs_neither(string file)
    {
        (HttpResponse response, string text) = await GetAsync($"/1/lb/dash{file}");

        Assert.That(response.StatusCode, Is.EqualTo(StatusCodes.Status200OK));
        Assert.That(
            response.Headers.ContentSecurityPolicy.ToString(),
            Is.EqualTo("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"));
        Assert.That(response.Headers.XContentTypeOptions.ToString(), Is.EqualTo("nosniff"));
        Assert.That(Inline().Matches(text).Select(match => match.Value), Is.Empty);
        Assert.That(Elsewhere().Matches(text).Select(match => match.Value), Is.All.EqualTo("http://www.w3.org"));
    }

    private static async Task<(HttpResponse Response, string Text)> GetAsync(string path)
    {
        DefaultHttpContext context = new();
        using MemoryStream body = new();
        context.Request.Method = "GET";
        context.Request.Path = path;
        context.Response.Body = body;
        await new DashboardPage().HandleAsync(context);
        return (context.Response, Encoding.UTF8.GetString(body.ToArray()));
    }

    [GeneratedRegex("<script(?![^>]*src=)|<style|\\sstyle=|\\son[a-z]+=\"|javascript:|innerHTML|\\beval\\(")]
    private static partial Regex Inline();

    [GeneratedRegex("https?://[a-z.0-9]+")]
    private static partial Regex Elsewhere();
}
