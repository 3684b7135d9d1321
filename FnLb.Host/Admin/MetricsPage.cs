using FnLb.Core.Nodes;
using FnLb.Core.Telemetry;
using FnLb.Host.Lifecycle;

namespace FnLb.Host.Admin;

/// <summary>What <c>GET /metrics</c> answers: all counters of the loops, and what is so at the moment.</summary>
/// <param name="read">A counter's sum over all loops.</param>
/// <param name="clients">Client connections that are open now.</param>
internal sealed class MetricsPage(ClusterView view, Func<Counter, long> read, Func<int> clients)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public byte[] ToBytes()
    {
        MetricsText text = new();
        text.Begin("fnlb_build_info", "gauge", "Always 1; the label says which version runs.");
        text.Add(MetricsText.Label("version", ProductVersion.Text), 1);
        AddCounters(text);
        AddNodes(text);
        text.Begin("fnlb_client_connections", "gauge", "Client connections that are open now.");
        text.Add("", clients());
        return text.ToBytes();
    }

    private void AddCounters(MetricsText text)
    {
        foreach (IGrouping<string, CounterInfo> group in CounterCatalog.All.GroupBy(info => info.Name))
        {
            text.Begin(group.Key, "counter", group.First().Help);
            foreach (CounterInfo info in group)
            {
                text.Add(info.Label, read(info.Counter));
            }
        }
    }

    private void AddNodes(MetricsText text)
    {
        IReadOnlyList<Node> nodes = view.Nodes;
        text.Begin("fnlb_nodes", "gauge", "Nodes by what their checks and the traffic say.");
        foreach (OperationalState state in Enum.GetValues<OperationalState>())
        {
            text.Add(
                MetricsText.Label("state", ClusterView.Word(state)), nodes.Count(node => node.Operational == state));
        }

        text.Begin("fnlb_nodes_draining", "gauge", "Nodes that are to take no new calls, whatever their state.");
        text.Add("", nodes.Count(node => node.Administrative == AdministrativeState.Draining));
        text.Begin("fnlb_nodes_panic", "gauge", "1 while too many nodes are out, so that failing ones are used.");
        text.Add("", view.IsPanicking ? 1 : 0);
        text.Begin("fnlb_node_calls_in_flight", "gauge", "Calls that are at a node now.");
        foreach (Node node in nodes)
        {
            text.Add(MetricsText.Label("node", node.Address.Text), node.InFlight);
        }
    }
}
