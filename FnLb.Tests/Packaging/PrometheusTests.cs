using System.Text.Json;
using FnLb.Tests.Harness;
using FnLb.Tests.HouseRules;
using NUnit.Framework;

namespace FnLb.Tests.Packaging;

/// <summary>Metrics, alerts and queries, as Prometheus itself reads them.</summary>
public sealed class PrometheusTests : EndToEndTest
{
    private static readonly string Rules = PathOf("prometheus/fnlb-alerts.yml");

    [Test]
    public async Task The_page_is_read_without_a_word_of_complaint()
    {
        ScriptedNode node = StartNode(call => call.AnswerAsync("", "XXX-FXLB-WAIT: 1ms\r\n"));
        FnlbProcess fnlb = await StartFnlbAsync(node);
        RawClient client = await ConnectAsync(fnlb);
        await client.GetAsync("/r/app/f");
        await client.GetAsync("/r/app/\"quoted\\\"");
        string page = Folder.In("metrics");
        await File.WriteAllTextAsync(page, (await fnlb.Admin.SendAsync(HttpMethod.Get, "/metrics")).Body);

        CommandResult result = await Shell.TryAsync("sh", "-c", $"promtool check metrics < {page}");

        Assert.That(result, Is.EqualTo(new CommandResult(0, "")));
    }

    [Test]
    public async Task The_alerts_fire_when_they_should_and_not_otherwise()
    {
        await Shell.RunAsync("promtool", "check", "rules", Rules);

        CommandResult result =
            await Shell.TryAsync("promtool", "test", "rules", PathOf("prometheus/fnlb-alerts-test.yml"));

        Assert.That(result.Code, Is.Zero, result.Output);
    }

    [Test]
    public async Task The_queries_of_the_dashboard_can_be_run()
    {
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(PathOf("grafana/fnlb.json")));
        string[] queries = [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!)];

        // What Grafana puts in by itself. A query is a rule's expression, and JSON is YAML.
        string file = Folder.In("queries.yml");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new
        {
            groups = new[]
            {
                new
                {
                    name = "dashboard",
                    rules = queries.Select((query, number) => new
                    {
                        record = $"query_{number}",
                        expr = query.Replace("$__rate_interval", "1m", StringComparison.Ordinal),
                    }),
                },
            },
        }));
        CommandResult result = await Shell.TryAsync("promtool", "check", "rules", file);

        Assert.That(queries, Has.Length.GreaterThan(30));
        Assert.That(result.Code, Is.Zero, result.Output);
    }

    private static string PathOf(string name) => Path.Combine(SourceTree.Root, "packaging", name);
}
