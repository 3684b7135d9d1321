using System.Globalization;
using FnLb.Core.Health;
using FnLb.Core.Nodes;
using FnLb.Host.Stores;

namespace FnLb.Host.Admin;

/// <summary>What an operator is told of the nodes: in the words of the original, or in detail.</summary>
internal sealed class ClusterView(NodeDirectory directory, HealthMonitor health, Membership membership)
{
    /// <summary>Whether nodes that live traffic fails on are used all the same.</summary>
    public bool IsPanicking => health.IsPanicking;

    /// <summary>How often live traffic took a node out.</summary>
    public long Ejections => health.Ejections;

    public IReadOnlyList<Node> Nodes => directory.Nodes;

    /// <summary>Since the list was last known to be that of its store.</summary>
    public TimeSpan ListAge => membership.ListAge;

    public bool IsStoreUp => membership.Failure is null;

    public NodesAnswer Brief()
    {
        SortedDictionary<string, string> nodes = new(StringComparer.Ordinal);
        foreach (Node node in directory.Nodes)
        {
            nodes[node.Address.Text] = node.Operational == OperationalState.Online ? "online" : "offline";
        }

        return new NodesAnswer(nodes);
    }

    public NodeDetailsAnswer Detailed()
    {
        SortedDictionary<string, NodeDetail> nodes = new(StringComparer.Ordinal);
        foreach (Node node in directory.Nodes)
        {
            nodes[node.Address.Text] = Detail(node);
        }

        return new NodeDetailsAnswer(nodes, health.IsPanicking);
    }

    public static string Word(OperationalState state) => state.ToString().ToLowerInvariant();

    /// <summary>Why the node takes no calls, or fewer than its weight; empty when neither is so.</summary>
    public string Why(Node node)
    {
        TimeSpan ejected = health.EjectedFor(node, out string fault);
        string left = string.Create(CultureInfo.InvariantCulture, $"{ejected.TotalSeconds:0.#} s");
        double part = node.StartShare;
        return (node.Operational, node.Administrative) switch
        {
            (OperationalState.Unknown, _) => "not checked yet",
            (OperationalState.Offline, _) => node.LastFailure?.Reason ?? "",
            (OperationalState.Ejected, _) when ejected > TimeSpan.Zero => $"ejected for another {left}: {fault}",
            (OperationalState.Ejected, _) => $"waits for the check that readmits it; it was ejected: {fault}",
            (_, AdministrativeState.Draining) => "draining: no new calls",
            _ when ejected > TimeSpan.Zero =>
                $"used because too many nodes are out; else ejected for another {left}: {fault}",
            _ when part < 1 => string.Create(CultureInfo.InvariantCulture, $"slow start: {part:0%} of its weight"),
            _ => "",
        };
    }

    private NodeDetail Detail(Node node) => new()
    {
        State = Word(node.Operational),
        Administrative = NodeRow.Word(node.Administrative),
        Weight = node.Weight,
        RankWeight = node.RankWeight,
        InFlight = node.InFlight,
        Why = Why(node),
        Note = node.Note,
        LastFailure = node.LastFailure is { } failure ? new FailureDetail(failure.Reason, failure.At) : null,
    };
}
