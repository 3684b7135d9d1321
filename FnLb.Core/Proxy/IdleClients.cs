using FnLb.Core.Transport;

namespace FnLb.Core.Proxy;

/// <summary>The clients of one loop that wait between requests, the one that has waited longest first.</summary>
/// <remarks>
/// Only a loop that has no room for another client, or no descriptor for a node's connection, asks for them. So the
/// list is made when somebody asks, kept up to date while the shortage lasts, and costs a call nothing otherwise. It
/// begins with a share of those who wait: to sort a million would hold up the loop for a second.
/// </remarks>
/// <param name="clients">All clients of the loop.</param>
internal sealed class IdleClients(IReadOnlyCollection<ClientConnection> clients, EventLoop loop)
{
    private const int KeptMilliseconds = 10_000;

    // So the next look at all clients comes after as many as a 64th of them have made room.
    private const int CollectedShare = 64;
    private const int CollectedMin = 1024;

    private readonly LinkedList<ClientConnection> _waiting = [];
    private long _keptUntilMilliseconds = long.MinValue;

    // Others wait who are not listed, all of them for a shorter time.
    private bool _isPart;

    private bool IsKept => loop.NowMilliseconds < _keptUntilMilliseconds;

    /// <summary>The one that has waited longest; null when none waits.</summary>
    public ClientConnection? FindOldest()
    {
        if (!IsKept || (_isPart && _waiting.Count == 0))
        {
            Collect();
        }

        _keptUntilMilliseconds = loop.NowMilliseconds + KeptMilliseconds;
        return _waiting.First?.Value;
    }

    /// <summary>A client that waits, from now on, is the one that has waited shortest.</summary>
    public void Add(ClientConnection client)
    {
        if (IsKept && !_isPart && client.IsIdle && PlaceOf(client) is { List: null } place)
        {
            _waiting.AddLast(place);
        }
    }

    /// <summary>A client waits no longer.</summary>
    public void Remove(ClientConnection client)
    {
        if (client.IdlePlace is { List: not null } place)
        {
            _waiting.Remove(place);
        }
    }

    private static LinkedListNode<ClientConnection> PlaceOf(ClientConnection client) =>
        client.IdlePlace ??= new LinkedListNode<ClientConnection>(client);

    // Those that are listed still have waited since the list was last kept; others have come to wait meanwhile.
    private void Collect()
    {
        _waiting.Clear();
        _isPart = false;
        int room = int.Max(CollectedMin, clients.Count / CollectedShare);

        // The last one first. Of several since the same moment the one looked at first counts as the first.
        PriorityQueue<ClientConnection, (long, int)> oldest = new();
        int order = 0;
        foreach (ClientConnection client in clients)
        {
            if (!client.IsIdle)
            {
                continue;
            }

            (long, int) priority = (-client.SinceMilliseconds, -order++);
            if (oldest.Count < room)
            {
                oldest.Enqueue(client, priority);
            }
            else
            {
                _isPart = true;
                _ = oldest.EnqueueDequeue(client, priority);
            }
        }

        while (oldest.TryDequeue(out ClientConnection? client, out _))
        {
            _waiting.AddFirst(PlaceOf(client));
        }
    }
}
