namespace FnLb.Core.Proxy;

/// <summary>The clients of one loop that wait between requests, the one that has waited longest first.</summary>
internal sealed class IdleClients
{
    public ClientConnection? Oldest { get; private set; }

    public ClientConnection? Newest { get; private set; }

    public void Add(ClientConnection client)
    {
        if (client.IsListedIdle)
        {
            return;
        }

        client.IsListedIdle = true;
        client.OlderIdle = Newest;
        if (Newest is { } newest)
        {
            newest.NewerIdle = client;
        }

        Newest = client;
        Oldest ??= client;
    }

    public void Remove(ClientConnection client)
    {
        if (!client.IsListedIdle)
        {
            return;
        }

        client.IsListedIdle = false;
        if (client.NewerIdle is { } newer)
        {
            newer.OlderIdle = client.OlderIdle;
        }
        else
        {
            Newest = client.OlderIdle;
        }

        if (client.OlderIdle is { } older)
        {
            older.NewerIdle = client.NewerIdle;
        }
        else
        {
            Oldest = client.NewerIdle;
        }

        client.OlderIdle = client.NewerIdle = null;
    }
}
