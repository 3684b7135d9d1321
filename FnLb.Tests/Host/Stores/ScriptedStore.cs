using System.Collections;
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
    private int _writes;
    private int _rowsRead;

    /// <summary>Message of the failure of every call; null while it works.</summary>
    public string? Failure { get => _failure; set => _failure = value; }

    /// <summary>What every call throws that is no failure of a store; null for none.</summary>
    public Exception? Unexpected { get; set; }

    /// <summary>Whether it takes no changes at all.</summary>
    public bool RefusesChanges { get; init; }

    /// <summary>Runs before the list is read.</summary>
    public Action Reading { get; set; } = () => { };

    /// <summary>Runs before a row is added.</summary>
    public Action Adding { get; set; } = () => { };

    public TimeSpan ListAge { get; set; }

    /// <summary>How often the list was asked for.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>How often an addition, a change or a removal was asked for.</summary>
    public int Writes => Volatile.Read(ref _writes);

    /// <summary>How many rows of its lists were looked at.</summary>
    public int RowsRead => Volatile.Read(ref _rowsRead);

    public Task<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _reads);
        Reading();
        ThrowIfFailing();
        lock (_changing)
        {
            return Task.FromResult<IReadOnlyList<NodeEntry>>(new Listed(this, [.. _rows]));
        }
    }

    public void Watch(Action changed) => _changed = changed;

    /// <summary>Tells that the list may have changed.</summary>
    public void Tell() => _changed();

    public Task AddAsync(NodeEntry entry, CancellationToken cancellation)
    {
        ThrowIfFailing();
        Refuse("addition");
        Adding();
        Insert(entry);

        return Task.CompletedTask;
    }

    /// <summary>Adds a row as another balancer does it.</summary>
    public void Insert(NodeEntry entry)
    {
        lock (_changing)
        {
            if (_rows.All(row => row.Address != entry.Address))
            {
                _rows.Add(entry);
            }
        }
    }

    public Task<bool> ChangeAsync(NodeAddress node, NodeChange change, CancellationToken cancellation)
    {
        ThrowIfFailing();
        Refuse("change");
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
        Refuse("removal");
        lock (_changing)
        {
            return Task.FromResult(_rows.RemoveAll(row => row.Address.Text == node) > 0);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Refuse(string what)
    {
        Interlocked.Increment(ref _writes);
        if (RefusesChanges)
        {
            throw new NodeStoreException($"no {what}") { IsRefusal = true };
        }
    }

    private void ThrowIfFailing()
    {
        if (Unexpected is not null)
        {
            throw Unexpected;
        }

        if (Failure is string failure)
        {
            throw new NodeStoreException(failure);
        }
    }

    private sealed class Listed(ScriptedStore store, NodeEntry[] rows) : IReadOnlyList<NodeEntry>
    {
        public int Count => rows.Length;

        public NodeEntry this[int index] => rows[index];

        public IEnumerator<NodeEntry> GetEnumerator()
        {
            foreach (NodeEntry row in rows)
            {
                Interlocked.Increment(ref store._rowsRead);
                yield return row;
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
