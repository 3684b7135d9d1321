using FnLb.Core.Nodes;
using FnLb.Host.Stores;

namespace FnLb.Host.Admin;

/// <summary>All balancers that share the store, and whether they agree.</summary>
/// <param name="self">This balancer; its digests are those of the moment of each answer.</param>
/// <param name="table">Null when the store keeps no balancers: there is only this one then.</param>
internal sealed class AgreementView(ClusterView view, BalancerRow self, BalancerTable? table)
{
    private static readonly TimeSpan ListMax = TimeSpan.FromSeconds(5);

    public async Task<Agreement> ReadAsync(CancellationToken aborted)
    {
        IReadOnlyList<Node> nodes = view.Nodes;
        BalancerRow now = self with { Ring = NodeDigest.OfRing(nodes), Health = NodeDigest.OfHealth(nodes) };
        (IReadOnlyList<BalancerRow> rows, string? failure) = await OthersAsync(aborted);
        List<BalancerRow> all = [now, .. rows];
        SortedDictionary<string, BalancerDetail> balancers = new(StringComparer.Ordinal);
        foreach (BalancerRow row in all)
        {
            balancers[row.Name] = new BalancerDetail(
                row.Address, row.Ring, row.Health, Math.Round(row.Age.TotalSeconds, 1), row.IsAlive);
        }

        return new Agreement
        {
            Name = now.Name,
            Ring = now.Ring,
            Health = now.Health,
            RingAgrees = all.All(row => !row.IsAlive || row.Ring == now.Ring),
            HealthAgrees = all.All(row => !row.IsAlive || row.Health == now.Health),
            StoreFailure = failure,
            Balancers = balancers,
        };
    }

    private async Task<(IReadOnlyList<BalancerRow> Rows, string? Failure)> OthersAsync(CancellationToken aborted)
    {
        if (table is null)
        {
            return ([], null);
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        limit.CancelAfter(ListMax);
        try
        {
            List<BalancerRow> rows = await table.ListAsync(limit.Token);
            return ([.. rows.Where(row => row.Name != self.Name)], null);
        }
        catch (NodeStoreException e)
        {
            return ([], e.Message);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            return ([], $"the node store did not answer within {ListMax.TotalSeconds} s");
        }
    }
}
