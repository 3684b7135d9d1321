using System.Text;
using FnLb.Core.Nodes;
using FnLb.Host.Lifecycle;

namespace FnLb.Host.Demo;

/// <summary>What the demo prints: how to try it, then a line a second.</summary>
internal sealed class DemoReport(Balancer balancer, IReadOnlyList<SampleNode> nodes, CallWindow window)
{
    private readonly ContainerCounts[] _before = new ContainerCounts[nodes.Count];

    /// <summary>Whether the load balancer sends calls to every node.</summary>
    public bool AreAllOnline => nodes.All(node => Find(node) is { IsPlaceable: true });

    public string Introduction()
    {
        string calls = $"http://{balancer.TrafficEndPoint}";
        string list = $"http://{balancer.AdminEndPoint}/1/lb/nodes";
        StringBuilder text = new();
        text.AppendLine($"calls      {calls}");
        text.AppendLine($"node API   {list}");
        text.AppendLine($"nodes      {string.Join(", ", nodes.Select(node => node.Address))}");
        text.AppendLine().AppendLine("Call a function:");
        foreach (DemoFunction function in DemoFunction.All)
        {
            string url = calls + function.Function.Path;
            text.AppendLine($"  curl -i -d '{{}}' {url,-40} # {function.Note}");
        }

        string node = $"'{{\"node\":\"{nodes[0].Address}\"}}'";
        text.AppendLine().AppendLine("List the nodes, take one out, put it back:");
        text.AppendLine($"  curl {list}");
        text.AppendLine($"  curl -X DELETE -d {node} {list}");
        text.AppendLine($"  curl -X PUT -d {node} {list}");
        return text.ToString();
    }

    /// <summary>One line on the time since the last one.</summary>
    public string Line(TimeSpan elapsed, TimeSpan sinceLast)
    {
        CallSummary calls = window.Take();
        StringBuilder shown = new();
        long cold = 0;
        long all = 0;
        for (int i = 0; i < nodes.Count; i++)
        {
            ContainerCounts now = nodes[i].Counts;
            long nodeCalls = now.Calls - _before[i].Calls;
            cold += now.Cold - _before[i].Cold;
            all += nodeCalls;
            _before[i] = now;
            double rate = nodeCalls / sinceLast.TotalSeconds;
            shown.Append($"  {nodes[i].Address} {StateOf(nodes[i])} {rate:0}/s {now.Containers} hot");
        }

        double coldShare = all == 0 ? 0 : (double)cold / all;
        return $"{elapsed.TotalSeconds,4:0} s {calls.Calls / sinceLast.TotalSeconds,5:0} calls/s"
            + $"  p50 {calls.P50Milliseconds,5:0.0} ms  p99 {calls.P99Milliseconds,5:0} ms"
            + $"  cold {100 * coldShare,3:0} %  failed {calls.Failures} {shown}";
    }

    private string StateOf(SampleNode node) => Find(node) switch
    {
        null => "removed",
        { Administrative: AdministrativeState.Draining } => "draining",
        Node known => known.Operational.ToString().ToLowerInvariant(),
    };

    private Node? Find(SampleNode node) =>
        balancer.Directory.Nodes.FirstOrDefault(known => known.Address.Text == node.Address);
}
