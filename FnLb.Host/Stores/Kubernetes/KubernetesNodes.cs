using FnLb.Core.Nodes;

namespace FnLb.Host.Stores.Kubernetes;

/// <summary>The nodes of one object of the Kubernetes API.</summary>
/// <param name="Nodes">None while it takes no calls.</param>
/// <param name="AddressType">
/// IPv4, IPv6 or FQDN for a slice of a service's endpoints; empty where a pod has one address only.
/// </param>
internal sealed record KubernetesNodes(IReadOnlyList<NodeEntry> Nodes, string AddressType)
{
    /// <summary>All nodes, each pod once.</summary>
    /// <remarks>
    /// A service of two address families has slices of both, and each of its pods in both. Those of IPv4 count where
    /// there are any, even without an endpoint, so that the nodes become no others when a service is empty for once.
    /// </remarks>
    public static IEnumerable<NodeEntry> Together(IEnumerable<KubernetesNodes> objects)
    {
        List<KubernetesNodes> all = [.. objects];
        string? first = all.Select(nodes => nodes.AddressType).MinBy(Rank);
        return all.Where(nodes => nodes.AddressType == first).SelectMany(nodes => nodes.Nodes);
    }

    private static int Rank(string addressType) => addressType switch
    {
        "IPv6" => 1,
        "FQDN" => 2,
        _ => 0,
    };
}
