namespace FnLb.Core.Nodes;

/// <summary>Where the membership of the cluster is kept; several balancers may share one.</summary>
/// <remarks>A failure is a <see cref="NodeStoreException"/>; the caller keeps the last list. Any thread.</remarks>
public interface INodeStore : IAsyncDisposable
{
    /// <summary>
    /// How old the list is that <see cref="ListAsync"/> gives: zero where it asks for it, and where a store follows it
    /// by itself, since it last heard that it is right.
    /// </summary>
    TimeSpan ListAge { get; }

    /// <summary>All nodes. A row that is no valid address is logged and left out.</summary>
    Task<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellation);

    /// <summary>
    /// Begins to call back, on any thread, whenever the list may have changed; a store that is not told of changes
    /// never does. Once.
    /// </summary>
    void Watch(Action changed);

    /// <summary>Adds a node; one that is there already stays as it is.</summary>
    Task AddAsync(NodeEntry entry, CancellationToken cancellation);

    /// <summary>Changes every row that names the node, however it is spelled.</summary>
    /// <returns>Whether a row was there.</returns>
    Task<bool> ChangeAsync(NodeAddress node, NodeChange change, CancellationToken cancellation);

    /// <summary>Removes every row that names the node, however it is spelled.</summary>
    /// <param name="node">As the operator wrote it; any text, so that a bad row can be removed too.</param>
    /// <returns>Whether a row was there.</returns>
    Task<bool> RemoveAsync(string node, CancellationToken cancellation);
}
