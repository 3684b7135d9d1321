using FnLb.Core.Nodes;

namespace FnLb.Benchmarks.Routing;

/// <summary>Online nodes for benchmarks.</summary>
internal static class BenchmarkCluster
{
    public static NodeDirectory Of(int nodes, Func<int, double>? weightOf = null)
    {
        NodeDirectory directory = new();
        IEnumerable<int> indexes = Enumerable.Range(0, nodes);
        _ = directory.Apply([.. indexes.Select(index => Entry(index, weightOf?.Invoke(index) ?? 1))]);
        foreach (Node node in directory.Nodes)
        {
            node.Operational = OperationalState.Online;
        }

        return directory;
    }

    private static NodeEntry Entry(int index, double weight)
    {
        _ = NodeAddress.TryParse($"10.0.{index / 200}.{(index % 200) + 1}:8080", out NodeAddress address, out _);
        return new NodeEntry(address) { Weight = weight };
    }
}
