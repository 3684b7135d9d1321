using System.Text;
using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Core.Telemetry;
using FnLb.Host.Admin;
using FnLb.Tests.Harness;
using NUnit.Framework;

namespace FnLb.Tests.Host.Admin;

public sealed class MetricsTextTests
{
    [Test]
    public void Any_text_comes_through_as_a_label()
    {
        const string text = "a \"b\" \\c\\n\nd{},=é";
        MetricsText metrics = new();
        metrics.Begin("m", "gauge", "line\nfeed and \\ backslash");

        metrics.Add($"{MetricsText.Label("x", text)},{MetricsText.Label("y", "")}", 1e21);

        PrometheusText read = new(Encoding.UTF8.GetString(metrics.ToBytes()));
        Assert.That(read[$"m{{x={text},y=}}"], Is.EqualTo(1e21));
    }

    [Test]
    public async Task Every_counter_is_told_once_under_its_name_and_label()
    {
        NodeDirectory directory = new();
        directory.Apply([Entries.Of("a:1"), Entries.Of("[::1]:2") with { State = AdministrativeState.Draining }]);
        directory.Nodes[1].Operational = OperationalState.Online;
        directory.Nodes[1].Enter();
        await using HealthMonitor health = new(directory, new HealthOptions(), TimeProvider.System, new RecordedLog());
        using SlowStart slowStart = new(directory, TimeSpan.Zero, () => true, (_, _) => { }, TimeProvider.System);
        MetricsPage page = new(new ClusterView(directory, health, slowStart), counter => 100 + (int)counter, () => 7);

        PrometheusText read = new(Encoding.UTF8.GetString(page.ToBytes()));

        foreach (CounterInfo info in CounterCatalog.All)
        {
            string plain = info.Label.Replace("\"", "", StringComparison.Ordinal);
            string labels = plain.Length == 0 ? "" : $"{{{plain}}}";
            Assert.That(read[info.Name + labels], Is.EqualTo(100 + (int)info.Counter));
            Assert.That(read.Types[info.Name], Is.EqualTo("counter"));
        }

        Assert.That(CounterCatalog.All.Select(info => info.Counter), Is.EquivalentTo(Enum.GetValues<Counter>()));
        Assert.That((read["fnlb_nodes{state=online}"], read["fnlb_nodes{state=unknown}"]), Is.EqualTo((1, 1)));
        Assert.That((read["fnlb_nodes_draining"], read["fnlb_nodes_panic"]), Is.EqualTo((1, 0)));
        Assert.That(read["fnlb_node_calls_in_flight{node=a:1}"], Is.EqualTo(1));
        Assert.That(read["fnlb_client_connections"], Is.EqualTo(7));
    }
}
