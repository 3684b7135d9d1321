using System.Threading.Channels;
using FnLb.Core.Nodes;

namespace FnLb.Host.Stores;

/// <summary>Keeps the directory equal to the store, which other balancers may be changing too.</summary>
/// <remarks>A store that fails changes nothing: the last known list serves on.</remarks>
internal sealed class Membership(INodeStore store, NodeDirectory directory, TimeProvider time, ILogger logger)
    : IDisposable
{
    private const long NeverListed = long.MinValue;

    /// <summary>How long a change may take, with its turn, before its caller is told that it failed.</summary>
    public static readonly TimeSpan ChangeMax = TimeSpan.FromSeconds(5);

    /// <summary>How often a store that keeps failing in the same way is reported.</summary>
    private static readonly TimeSpan RepeatedAfter = TimeSpan.FromMinutes(1);

    private readonly long _startedAt = time.GetTimestamp();

    // A list that was read before a change must not be applied after it.
    private readonly SemaphoreSlim _turn = new(1);

    // Holds one wake-up at most: many changes at once are read at once.
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    // Replaced as a whole, by who has the turn.
    private volatile IReadOnlyList<NodeAddress> _notAdded = [];
    private volatile bool _isGivenAway;
    private volatile string? _failure;
    private volatile string? _addFailure;
    private long _listedAt = NeverListed;
    private long _reportedAt;

    /// <summary>Since the list was last known to be right; since the start if it never was.</summary>
    public TimeSpan ListAge
    {
        get
        {
            long listedAt = Volatile.Read(ref _listedAt);
            return time.GetElapsedTime(listedAt == NeverListed ? _startedAt : listedAt);
        }
    }

    /// <summary>Why the store cannot be read; null while it can.</summary>
    public string? Failure => _failure;

    /// <summary>Nodes that the operator named and that serve, but could not be added to the store yet.</summary>
    public IReadOnlyList<NodeAddress> NotAdded => _notAdded;

    /// <summary>Adds nodes that the operator named at start, and takes over the list.</summary>
    /// <remarks>Where the nodes cannot be added they serve all the same, and are added later.</remarks>
    /// <exception cref="NodeStoreException">There is no list.</exception>
    public async Task LoadAsync(IEnumerable<NodeAddress> alsoAdded, CancellationToken cancellation)
    {
        _notAdded = [.. alsoAdded];
        await InTurnAsync(_ => Task.CompletedTask, cancellation);
    }

    /// <summary>Serves on nodes that are known from elsewhere until there is a list.</summary>
    public void StartWithout(IReadOnlyList<NodeEntry> known, string failure)
    {
        _failure = failure;
        _reportedAt = time.GetTimestamp();
        directory.Apply(known);
        StoreLog.StartsWithout(logger, directory.Nodes.Count, failure);
    }

    /// <exception cref="NodeStoreException"/>
    public Task AddAsync(NodeAddress address, CancellationToken cancellation) =>
        ChangeInTurnAsync(limited => store.AddAsync(new NodeEntry(address), limited), cancellation);

    /// <summary>Changes a node; one that is not there is added with what is given.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="NodeStoreException"/>
    public async Task<bool> ChangeAsync(NodeAddress address, NodeChange change, CancellationToken cancellation)
    {
        bool wasThere = false;
        await ChangeInTurnAsync(
            async limited => wasThere = await PutAsync(new NodeEntry(address), change, limited), cancellation);
        return wasThere;
    }

    /// <summary>Makes the list what another process says it is; nobody else writes the store meanwhile.</summary>
    /// <remarks>Only what differs is written: each write reads all rows, and a long list must fit the time limit.
    /// </remarks>
    /// <exception cref="NodeStoreException"/>
    public Task ReplaceAsync(IReadOnlyList<NodeEntry> entries, CancellationToken cancellation)
    {
        HashSet<NodeAddress> kept = [.. entries.Select(entry => entry.Address)];
        return ChangeInTurnAsync(
            async limited =>
            {
                ILookup<NodeAddress, NodeEntry> rows =
                    (await store.ListAsync(limited)).ToLookup(entry => entry.Address);
                foreach (NodeAddress address in rows.Select(row => row.Key).Where(address => !kept.Contains(address)))
                {
                    _ = await store.RemoveAsync(address.Text, limited);
                }

                foreach (NodeEntry entry in entries.Where(entry => rows[entry.Address].Any(row => row != entry)))
                {
                    NodeChange change = new() { State = entry.State, Weight = entry.Weight, Note = entry.Note };
                    _ = await store.ChangeAsync(entry.Address, change, limited);
                }

                foreach (NodeEntry entry in entries.Where(entry => !rows.Contains(entry.Address)))
                {
                    await store.AddAsync(entry, limited);
                }
            },
            cancellation);
    }

    /// <summary>Refuses changes from here on: another process keeps the list.</summary>
    /// <returns>Completes when the change under way is made.</returns>
    public async Task EndChangesAsync()
    {
        _isGivenAway = true;
        await _turn.WaitAsync();
        _turn.Release();
    }

    /// <summary>Takes changes again: the other process did not come to it.</summary>
    public void ResumeChanges() => _isGivenAway = false;

    /// <param name="node">As in <see cref="INodeStore.RemoveAsync"/>.</param>
    /// <exception cref="NodeStoreException"/>
    public async Task<bool> RemoveAsync(string node, CancellationToken cancellation)
    {
        bool wasThere = false;
        await ChangeInTurnAsync(
            async limited =>
            {
                wasThere = await store.RemoveAsync(node, limited);
                if (NodeAddress.TryParse(node, out NodeAddress given, out _))
                {
                    _notAdded = [.. _notAdded.Where(address => address != given)];
                }
            },
            cancellation);
        return wasThere;
    }

    /// <summary>
    /// Reads the store each interval, and at once when it tells of a change, until stopped. Failures are logged, and
    /// the attempts after them have growing pauses.
    /// </summary>
    public async Task FollowAsync(TimeSpan interval, CancellationToken stop)
    {
        store.Watch(() => _due.Writer.TryWrite(true));
        Backoff backoff = new();
        using ITimer timer = time.CreateTimer(
            _ => _due.Writer.TryWrite(true), null, _failure is null ? interval : backoff.Next(),
            Timeout.InfiniteTimeSpan);
        try
        {
            while (await _due.Reader.WaitToReadAsync(stop))
            {
                _due.Reader.TryRead(out _);
                bool isRead = await RefreshAsync(stop);
                timer.Change(isRead ? interval : backoff.Next(), Timeout.InfiniteTimeSpan);
                if (isRead)
                {
                    backoff.Reset();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    /// <summary>Reads the store now, within <see cref="ChangeMax"/>.</summary>
    /// <returns>False when it failed, which is logged, or was stopped: the last known list serves on.</returns>
    public async Task<bool> RefreshAsync(CancellationToken stop)
    {
        try
        {
            await InTurnAsync(_ => Task.CompletedTask, stop);
            return true;
        }
        catch (Exception e)
        {
            // Whatever it was, the list must go on being followed; who is stopped may see a store fail because of it.
            string reason = e is NodeStoreException ? e.Message : $"unexpected {e.GetType().Name}: {e.Message}";
            bool isNews = reason != _failure || time.GetElapsedTime(_reportedAt) >= RepeatedAfter;
            if (isNews && !stop.IsCancellationRequested)
            {
                _failure = reason;
                _reportedAt = time.GetTimestamp();
                StoreLog.ReadFailed(logger, directory.Nodes.Count, reason);
            }

            return false;
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<bool> PutAsync(NodeEntry entry, NodeChange change, CancellationToken limited)
    {
        bool wasThere = await store.ChangeAsync(entry.Address, change, limited);
        if (!wasThere)
        {
            await store.AddAsync(change.AppliedTo(entry), limited);

            // Another balancer may have added it in between, and then it has stayed as it was.
            await store.ChangeAsync(entry.Address, change, limited);
        }

        return wasThere;
    }

    private Task ChangeInTurnAsync(Func<CancellationToken, Task> change, CancellationToken cancellation) => InTurnAsync(
        limited => _isGivenAway
            ? throw new NodeStoreException("another process takes over the node list: call again")
            : change(limited),
        cancellation);

    private async Task InTurnAsync(Func<CancellationToken, Task> change, CancellationToken cancellation)
    {
        using CancellationTokenSource expiry = new(ChangeMax, time);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(
            cancellation, expiry.Token);
        try
        {
            await _turn.WaitAsync(limit.Token);
            try
            {
                await change(limit.Token);
                await TakeOverAsync(limit.Token);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new NodeStoreException(
                $"the node store did not answer within {ChangeMax.TotalSeconds} s; whether a change was made shows "
                    + "when it does",
                e);
        }
    }

    private async Task TakeOverAsync(CancellationToken cancellation)
    {
        await AddMissingAsync(cancellation);
        IReadOnlyList<NodeEntry> listed = await store.ListAsync(cancellation);
        long age = (long)(store.ListAge.TotalSeconds * time.TimestampFrequency);
        Volatile.Write(ref _listedAt, time.GetTimestamp() - age);
        if (_failure is not null)
        {
            _failure = null;
            StoreLog.ReadRecovered(logger);
        }

        HashSet<NodeAddress> there = [.. listed.Select(entry => entry.Address)];
        IEnumerable<NodeEntry> missing = _notAdded.Where(address => !there.Contains(address))
            .Select(address => new NodeEntry(address));
        IReadOnlyList<Node> before = directory.Nodes;
        Dictionary<Node, NodeEntry> asked = before.ToDictionary(node => node, Asked);
        directory.Apply([.. listed, .. missing]);
        ReportChange(before, directory.Nodes);
        foreach (Node node in directory.Nodes.Where(node => IsOther(asked, node)))
        {
            StoreLog.Changed(logger, node.Address.Text, NodeRow.Word(node.Administrative), node.Weight);
        }
    }

    // A database that can only be read still has the list.
    private async Task AddMissingAsync(CancellationToken cancellation)
    {
        IReadOnlyList<NodeAddress> wanted = _notAdded;
        int added = 0;
        try
        {
            for (; added < wanted.Count; added++)
            {
                await store.AddAsync(new NodeEntry(wanted[added]), cancellation);
            }

            _addFailure = null;
        }
        catch (NodeStoreException e)
        {
            if (e.Message != _addFailure)
            {
                _addFailure = e.Message;
                StoreLog.NotAdded(logger, e.Message);
            }
        }
        finally
        {
            // Once, however many there are: what was added before a failure is not added again.
            _notAdded = added == 0 ? wanted : [.. wanted.Skip(added)];
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
