using FnLb.Core.Transport;

namespace FnLb.Core.Proxy;

/// <summary>The clients of one loop that wait between requests, the one that has waited longest first.</summary>
/// <remarks>
/// Only a loop that has no room for another client, or no descriptor for a node's connection, asks for them. So the
/// list is made when somebody asks, kept up to date while the shortage lasts, and costs a call nothing otherwise.
/// </remarks>
/// <param name="clients">All clients of the loop.</param>
internal sealed class IdleClients(IReadOnlyCollection<ClientConnection> clients, EventLoop loop)
{
    private const int KeptMilliseconds = 10_000;

    private readonly LinkedList<ClientConnection> _waiting = [];
    private long _keptUntilMilliseconds = long.MinValue;

    private bool IsKept => loop.NowMilliseconds < _keptUntilMilliseconds;

    /// <summary>The one that has waited longest; null when none waits.</summary>
    public ClientConnection? FindOldest()
    {
        if (!IsKept)
        {
            Collect();
        }

        _keptUntilMilliseconds = loop.NowMilliseconds + KeptMilliseconds;
        return _waiting.First?.Value;
    }

    /// <summary>A client that waits, from now on, is the one that has waited shortest.</summary>
    public void Add(ClientConnection client)
    {
        if (IsKept && client.IsIdle)
        {
            Append(client);
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

    private void Append(ClientConnection client)
    {
        client.IdlePlace ??= new LinkedListNode<ClientConnection>(client);
        if (client.IdlePlace.List is null)
        {
            _waiting.AddLast(client.IdlePlace);
        }
    }

    // Those that are listed still have waited since the list was last kept; others have come to wait meanwhile.
    private void Collect()
    {
        _waiting.Clear();
        foreach (ClientConnection client in clients.Where(static client => client.IsIdle)
            .OrderBy(static client => client.SinceMilliseconds))
        {
            Append(client);
        }
    }
}
