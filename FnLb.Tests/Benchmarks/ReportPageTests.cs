using System.Text.Json;
using FnLb.Benchmarks.Drive;
using FnLb.Benchmarks.Reports;
using NUnit.Framework;

namespace FnLb.Tests.Benchmarks;

/// <summary>Reports that are kept: pages and JSON.</summary>
public sealed class ReportPageTests
{
    [Test]
    public void A_page_names_no_other_file_and_carries_the_licence_of_what_draws()
    {
        string html = Page("a").ToHtml();

        Assert.That(html, Does.Not.Match("""<(?:script|link|img)[^>]+(?:src|href)="""));
        Assert.That(html, Does.Not.Contain("@import").And.Not.Match("@[A-Z_]+@"));
        Assert.That(html, Does.Contain("The MIT License").And.Contain("uPlot"));
    }

    [Test]
    public void What_is_shown_cannot_become_markup()
    {
        const string evil = "</script><script>alert(1)</script>";
        string html = Page(evil).ToHtml();

        Assert.That(html, Does.Not.Contain("alert(1)</script>"));
        int start = html.IndexOf("id=\"data\">", StringComparison.Ordinal) + "id=\"data\">".Length;
        string json = html[start..html.IndexOf("</script>", start, StringComparison.Ordinal)];
        using JsonDocument data = JsonDocument.Parse(json);
        JsonElement chart = data.RootElement[0];
        Assert.That(chart.GetProperty("title").GetString(), Is.EqualTo(evil));
        Assert.That(chart.GetProperty("series")[0].GetProperty("y")[1].ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public void The_progress_bar_is_full_at_the_end_and_not_longer()
    {
        DriveProgress progress = new(
            new DriveStep(64, null), TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(11), 45_210, 2);

        Assert.That(ProgressBar.Line(progress), Is.EqualTo(
            $"[{new string('=', 30)}] 100%  64 connections  45,210 answers/s  2 errors"));
    }

    private static ReportPage Page(string text) => new()
    {
        Title = text,
        Facts = [text],
        Tables = [new ReportTable(text, [text], [[text]])],
        Charts = [new ReportChart(text, "x", "y", "linear", [0, 1], [new ReportSeries(text, [1.5, null])])],
    };
}
