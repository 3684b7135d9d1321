namespace FnLb.Core.Nodes;

/// <summary>Where the membership of the cluster is kept; several balancers may share one.</summary>
/// <remarks>Failures are exceptions; the caller keeps the last list it read.</remarks>
public interface INodeStore : IAsyncDisposable
{
    /// <summary>All nodes. A row that is no valid address is logged and left out.</summary>
    Task<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellation);

    /// <summary>Adds a node; one that is there already stays as it is.</summary>
    Task AddAsync(NodeEntry entry, CancellationToken cancellation);

    /// <summary>Removes a node; one that is not there is no error.</summary>
    Task RemoveAsync(NodeAddress address, CancellationToken cancellation);
}
