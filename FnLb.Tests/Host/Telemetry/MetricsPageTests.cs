using System.Text;
using System.Text.RegularExpressions;
using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Core.Proxy;
using FnLb.Core.Routing;
using FnLb.Core.Telemetry;
using FnLb.Host.Admin;
using FnLb.Host.Stores;
using FnLb.Host.Telemetry;
using FnLb.Tests.Harness;
using FnLb.Tests.Host.Stores;
using FnLb.Tests.HouseRules;
using NUnit.Framework;

namespace FnLb.Tests.Host.Telemetry;

public sealed partial class MetricsPageTests
{
    private const string Begin = "<!-- metrics:begin -->\n";
    private const string End = "<!-- metrics:end -->";

    [Test]
    public async Task Every_counter_is_told_once_under_its_name_and_label()
    {
        PrometheusText read = await ReadPageAsync();

        foreach (CounterInfo info in CounterCatalog.All)
        {
            string plain = info.Label.Replace("\"", "", StringComparison.Ordinal);
            string labels = plain.Length == 0 ? "" : $"{{{plain}}}";
            Assert.That(read[info.Name + labels], Is.EqualTo(100 + (int)info.Counter));
        }

        Assert.That(CounterCatalog.All.Select(info => info.Counter), Is.EquivalentTo(Enum.GetValues<Counter>()));
        Assert.That((read["fnlb_nodes{state=online}"], read["fnlb_nodes{state=unknown}"]), Is.EqualTo((1, 1)));
        Assert.That((read["fnlb_nodes_draining"], read["fnlb_nodes_panic"]), Is.EqualTo((1, 0)));
        Assert.That(read["fnlb_node_calls_in_flight{node=a:1}"], Is.EqualTo(1));
        Assert.That(read["fnlb_node_state{node=[::1]:2,state=online}"], Is.EqualTo(1).Or.EqualTo(0));
        Assert.That(read["fnlb_client_connections_open"], Is.EqualTo(7));
        Assert.That(read["fnlb_retry_budget_calls"], Is.EqualTo(9));
        Assert.That(read["fnlb_client_sent_bytes_total"], Is.EqualTo(2));
    }

    [Test]
    public async Task No_number_of_nodes_is_told_before_one_is_recommended()
    {
        PrometheusText read = await ReadPageAsync();

        Assert.That(read.Types, Contains.Key("fnlb_scale_recommended_nodes"));
        Assert.That(read.Samples, Has.None.EqualTo("fnlb_scale_recommended_nodes"));
        Assert.That(read["fnlb_scale_nodes"], Is.Zero);
    }

    [Test]
    public async Task The_page_holds_the_metrics_of_the_catalogue_and_no_others()
    {
        PrometheusText read = await ReadPageAsync();

        Dictionary<string, string> expected = MetricCatalog.All.ToDictionary(
            info => info.Name, info => info.Kind.ToString().ToLowerInvariant());
        Assert.That(read.Types, Is.EquivalentTo(expected));
        foreach (string sample in read.Samples)
        {
            MetricInfo metric = MetricCatalog.All.First(info => info.Name == GroupOf(sample, read));
            string[] labels = [.. LabelName().Matches(sample).Select(match => match.Groups[1].Value)];
            string[] told = metric.Labels.Split(", ", StringSplitOptions.RemoveEmptyEntries);
            Assert.That(labels.Where(label => label != "le"), Is.SubsetOf(told), sample);
        }
    }

    [Test]
    public async Task A_call_is_found_under_its_node_and_its_function()
    {
        LoopMeter meter = new(TimeProvider.System, topMax: 1);
        NodeMeter node = meter.AddNode("a:1");
        foreach (string name in (string[])["/r/app/f", "/r/app/g"])
        {
            RouteKey key = RouteKey.Of(Encoding.ASCII.GetBytes(name));
            CallRecord call = new()
            {
                Function = meter.Admit(key.Hash, Encoding.ASCII.GetBytes(name)),
                Node = node,
                Status = 500,
                TotalNanoseconds = 2_000_000,
                AtNodeNanoseconds = 1_990_000,
                AddedNanoseconds = 10_000,
                WaitNanoseconds = 1_000_000,
                IsCold = false,
                IsSpilled = false,
            };
            meter.Record(call, nowNanoseconds: 0);
        }

        PrometheusText read = await ReadPageAsync(meter);

        Assert.That(read["fnlb_node_call_duration_seconds_count{node=a:1}"], Is.EqualTo(2));
        Assert.That(read["fnlb_node_server_errors_total{node=a:1}"], Is.EqualTo(2));
        Assert.That(read["fnlb_function_call_duration_seconds_count{function=/r/app/f}"], Is.EqualTo(1));
        Assert.That(read["fnlb_function_wait_seconds_sum{function=/r/app/f}"], Is.EqualTo(0.001));
        Assert.That(read["fnlb_function_call_duration_seconds_count{function=other}"], Is.EqualTo(1));
        Assert.That(read["fnlb_added_latency_seconds_bucket{le=0.000008}"], Is.EqualTo(0));
        Assert.That(read["fnlb_added_latency_seconds_bucket{le=0.000016}"], Is.EqualTo(2));
    }

    [Test]
    public void The_documentation_holds_the_table_of_the_catalogue()
    {
        string page = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "metrics.md"));

        string table = page.Split(Begin)[1].Split(End)[0];

        string expected = MetricCatalog.ToMarkdown().Trim();
        Assert.That(table.Trim(), Is.EqualTo(expected), $"between the marks of docs/metrics.md belongs:\n{expected}\n");
    }

    [TestCase("packaging/grafana/fnlb.json")]
    [TestCase("packaging/prometheus/fnlb-alerts.yml")]
    [TestCase("packaging/prometheus/fnlb-alerts-test.yml")]
    [TestCase("docs/scaling-advice.md")]
    [TestCase("docs/metrics.md")]
    public void Only_metrics_that_exist_are_used(string file)
    {
        string text = File.ReadAllText(Path.Combine(SourceTree.Root, file));

        string[] used = [.. MetricName().Matches(text).Select(match => match.Value).Distinct()];

        HashSet<string> names = [.. MetricCatalog.All.SelectMany(SampleNames)];
        Assert.That(used, Is.Not.Empty.And.SubsetOf(names));
    }

    [Test]
    public void Names_follow_the_conventions()
    {
        foreach (MetricInfo metric in MetricCatalog.All)
        {
            Assert.That(metric.Name, Does.Match("^(?:fnlb|process|dotnet)(?:_[a-z]+)+$"));
            Assert.That(metric.Name.EndsWith("_total", StringComparison.Ordinal),
                Is.EqualTo(metric.Kind == MetricKind.Counter), metric.Name);
            Assert.That(metric.Help, Does.EndWith("."));
            if (metric.Kind == MetricKind.Histogram)
            {
                Assert.That(metric.Name, Does.EndWith("_seconds"));
            }
        }

        Assert.That(MetricCatalog.All.Select(metric => metric.Name), Is.Unique);
        Assert.That(MetricCatalog.All.Select(Family), Is.Unique, "OpenMetrics drops _total");
    }

    private static async Task<PrometheusText> ReadPageAsync(params LoopMeter[] meters)
    {
        NodeDirectory directory = new();
        Router router = new(directory);
        directory.Apply([Entries.Of("a:1"), Entries.Of("[::1]:2") with { State = AdministrativeState.Draining }]);
        directory.Nodes[1].Operational = OperationalState.Online;
        directory.Nodes[1].Enter();
        await using HealthMonitor health = new(directory, new HealthOptions(), TimeProvider.System, new RecordedLog());
        using Membership membership = new(new ScriptedStore(), directory, TimeProvider.System, new RecordedLog());
        TrafficView traffic = new()
        {
            Read = counter => 100 + (int)counter,
            Clients = () => 7,
            RetryBudgetLeft = () => 9,
            Bytes = () => new TrafficBytes(1, 2, 3, 4),
            Meters = meters,
        };
        MetricsPage page = new(
            new ClusterView(directory, health, membership), traffic, router, new TrafficHistory(),
            new ScaleAdvisor(target: 0.7));
        return new PrometheusText(Encoding.UTF8.GetString(page.ToBytes()));
    }

    private static IEnumerable<string> SampleNames(MetricInfo metric) => metric.Kind == MetricKind.Histogram
        ? [metric.Name, $"{metric.Name}_bucket", $"{metric.Name}_sum", $"{metric.Name}_count"]
        : [metric.Name];

    private static string Family(MetricInfo metric) => metric.Name.EndsWith("_total", StringComparison.Ordinal)
        ? metric.Name[..^"_total".Length] : metric.Name;

    private static string GroupOf(string sample, PrometheusText read)
    {
        string name = sample.Split('{')[0];
        return read.Types.ContainsKey(name) ? name : name[..name.LastIndexOf('_')];
    }

    [GeneratedRegex(@"[{,]([a-z]+)=")]
    private static partial Regex LabelName();

    [GeneratedRegex(@"\b(?:fnlb|process|dotnet)_[a-z_]+\b")]
    private static partial Regex MetricName();
}
