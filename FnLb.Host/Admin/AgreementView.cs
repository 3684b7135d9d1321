using FnLb.Core.Nodes;
using FnLb.Host.Stores;

namespace FnLb.Host.Admin;

/// <summary>All balancers that share the store, and whether they agree.</summary>
/// <param name="self">This balancer; its digests are those of the moment of each answer.</param>
/// <param name="others">Null when the store keeps no balancers: there is only this one then.</param>
internal sealed class AgreementView(ClusterView view, BalancerRow self, KnownBalancers? others)
{
    public async Task<Agreement> ReadAsync(CancellationToken aborted)
    {
        BalancerList? known = others is null ? null : await others.ReadAsync(aborted);
        IReadOnlyList<Node> nodes = view.Nodes;
        BalancerRow now = self with { Ring = NodeDigest.OfRing(nodes), Health = NodeDigest.OfHealth(nodes) };
        List<BalancerRow> all = [now, .. known?.Rows.Where(row => row.Name != self.Name) ?? []];
        SortedDictionary<string, BalancerDetail> balancers = new(StringComparer.Ordinal);
        foreach (BalancerRow row in all)
        {
            balancers[row.Name] = new BalancerDetail(
                row.Address, row.Ring, row.Health, Math.Round(row.Age.TotalSeconds, 1), row.IsAlive);
        }

        bool isKnown = known is null or { IsCurrent: true };
        return new Agreement
        {
            Name = now.Name,
            Ring = now.Ring,
            Health = now.Health,
            RingAgrees = isKnown ? all.All(row => !row.IsAlive || row.Ring == now.Ring) : null,
            HealthAgrees = isKnown ? all.All(row => !row.IsAlive || row.Health == now.Health) : null,
            StoreFailure = known?.Failure,
            Balancers = balancers,
        };
    }
}
