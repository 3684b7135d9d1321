using System.Net;
using FnLb.Core.Telemetry;
using FnLb.Core.Transport;

namespace FnLb.Core.Proxy;

/// <summary>Opens sockets to nodes; out of descriptors, it takes that of a connection that nobody uses.</summary>
internal sealed class SocketOpener(ProxyLoop proxy)
{
    // What is given back here, another loop may take first.
    private const int AttemptsMax = 4;

    /// <param name="socket">Valid only when it was started.</param>
    public ConnectResult Connect(EndPoint endPoint, out NativeSocket socket)
    {
        ConnectResult result = NativeSocket.Connect(endPoint, out socket);
        for (int attempt = 1; result == ConnectResult.NoRoom && attempt < AttemptsMax && TryGiveBack(); attempt++)
        {
            result = NativeSocket.Connect(endPoint, out socket);
        }

        return result;
    }

    // A connection that nobody uses now is worth less than the one that a call needs.
    private bool TryGiveBack()
    {
        foreach (NodePool pool in proxy.Pools)
        {
            if (pool.Spare is { } unused)
            {
                pool.Remove(unused);
                unused.CloseIdle();
                return true;
            }
        }

        if (proxy.IdleClients.FindOldest() is { IsReadable: false } client)
        {
            client.Close(reset: false);
            proxy.Counters.Add(Counter.IdleClientsClosedForRoom);
            return true;
        }

        return false;
    }
}
