using FnLb.Core.Nodes;

namespace FnLb.Host.Stores;

/// <summary>Keeps the directory equal to the store, which other balancers may be changing too.</summary>
/// <remarks>A store that fails changes nothing: the last known list serves on.</remarks>
internal sealed class Membership(INodeStore store, NodeDirectory directory, TimeProvider time, ILogger logger)
    : IDisposable
{
    /// <summary>How often a store that keeps failing in the same way is reported.</summary>
    private static readonly TimeSpan RepeatedAfter = TimeSpan.FromMinutes(1);

    // A list that was read before a change must not be applied after it.
    private readonly SemaphoreSlim _turn = new(1);
    private string? _failure;
    private long _reportedAt;

    /// <summary>Adds nodes that the operator named at start, and takes over the list.</summary>
    /// <exception cref="NodeStoreException"/>
    public Task LoadAsync(IEnumerable<NodeAddress> alsoAdded, CancellationToken cancellation) => InTurnAsync(
        async () =>
        {
            foreach (NodeAddress address in alsoAdded)
            {
                await store.AddAsync(new NodeEntry(address), cancellation);
            }
        },
        cancellation);

    /// <exception cref="NodeStoreException"/>
    public Task AddAsync(NodeAddress address, CancellationToken cancellation) =>
        InTurnAsync(() => store.AddAsync(new NodeEntry(address), cancellation), cancellation);

    /// <summary>Changes a node; one that is not there is added with what is given.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="NodeStoreException"/>
    public async Task<bool> ChangeAsync(NodeAddress address, NodeChange change, CancellationToken cancellation)
    {
        bool wasThere = false;
        await InTurnAsync(
            async () =>
            {
                wasThere = await store.ChangeAsync(address, change, cancellation);
                if (!wasThere)
                {
                    await store.AddAsync(change.AppliedTo(new NodeEntry(address)), cancellation);
                }
            },
            cancellation);
        return wasThere;
    }

    /// <param name="node">As in <see cref="INodeStore.RemoveAsync"/>.</param>
    /// <exception cref="NodeStoreException"/>
    public async Task<bool> RemoveAsync(string node, CancellationToken cancellation)
    {
        bool wasThere = false;
        await InTurnAsync(async () => wasThere = await store.RemoveAsync(node, cancellation), cancellation);
        return wasThere;
    }

    /// <summary>Reads the store each interval until stopped; failures are logged.</summary>
    public async Task FollowAsync(TimeSpan interval, CancellationToken stop)
    {
        using PeriodicTimer timer = new(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                await RefreshAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task RefreshAsync(CancellationToken stop)
    {
        try
        {
            await InTurnAsync(() => Task.CompletedTask, stop);
            if (_failure is not null)
            {
                _failure = null;
                StoreLog.ReadRecovered(logger);
            }
        }
        catch (NodeStoreException e)
        {
            if (e.Message != _failure || time.GetElapsedTime(_reportedAt) >= RepeatedAfter)
            {
                _failure = e.Message;
                _reportedAt = time.GetTimestamp();
                StoreLog.ReadFailed(logger, directory.Nodes.Count, e.Message);
            }
        }
    }

    private async Task InTurnAsync(Func<Task> change, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await change();
            IReadOnlyList<Node> before = directory.Nodes;
            Dictionary<Node, NodeEntry> asked = before.ToDictionary(node => node, Asked);
            directory.Apply([.. await store.ListAsync(cancellation)]);
            ReportChange(before, directory.Nodes);
            foreach (Node node in directory.Nodes.Where(node => IsOther(asked, node)))
            {
                StoreLog.Changed(logger, node.Address.Text, NodeRow.Word(node.Administrative), node.Weight);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private static NodeEntry Asked(Node node) =>
        new(node.Address) { State = node.Administrative, Weight = node.Weight };

    private static bool IsOther(Dictionary<Node, NodeEntry> asked, Node node) =>
        asked.TryGetValue(node, out NodeEntry? before) && before != Asked(node);

    private void ReportChange(IReadOnlyList<Node> before, IReadOnlyList<Node> after)
    {
        foreach (Node node in after.Except(before))
        {
            StoreLog.Joined(logger, node.Address.Text);
        }

        foreach (Node node in before.Except(after))
        {
            StoreLog.Left(logger, node.Address.Text);
        }
    }
}
