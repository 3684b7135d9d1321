using FnLb.Core.Nodes;

namespace FnLb.Tests.Host.Stores;

/// <summary>A store whose rows and failures a test decides.</summary>
internal sealed class ScriptedStore : INodeStore
{
    private readonly Lock _changing = new();
    private readonly List<NodeEntry> _rows = [];
    private volatile string? _failure;
    private Action _changed = () => { };
    private int _reads;

    /// <summary>Message of the failure of every call; null while it works.</summary>
    public string? Failure { get => _failure; set => _failure = value; }

    /// <summary>How often the list was asked for.</summary>
    public int Reads => Volatile.Read(ref _reads);

    public Task<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _reads);
        ThrowIfFailing();
        lock (_changing)
        {
            return Task.FromResult<IReadOnlyList<NodeEntry>>([.. _rows]);
        }
    }

    public void Watch(Action changed) => _changed = changed;

    /// <summary>Tells that the list may have changed.</summary>
    public void Tell() => _changed();

    public Task AddAsync(NodeEntry entry, CancellationToken cancellation)
    {
        ThrowIfFailing();
        lock (_changing)
        {
            _rows.Add(entry);
        }

        return Task.CompletedTask;
    }

    public Task<bool> ChangeAsync(NodeAddress node, NodeChange change, CancellationToken cancellation)
    {
        ThrowIfFailing();
        lock (_changing)
        {
            int row = _rows.FindIndex(row => row.Address == node);
            if (row >= 0)
            {
                _rows[row] = change.AppliedTo(_rows[row]);
            }

            return Task.FromResult(row >= 0);
        }
    }

    public Task<bool> RemoveAsync(string node, CancellationToken cancellation)
    {
        ThrowIfFailing();
        lock (_changing)
        {
            return Task.FromResult(_rows.RemoveAll(row => row.Address.Text == node) > 0);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void ThrowIfFailing()
    {
        if (Failure is string failure)
        {
            throw new NodeStoreException(failure);
        }
    }
}
