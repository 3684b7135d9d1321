using System.Net;
using FnLb.Core.Telemetry;
using FnLb.Core.Transport;

namespace FnLb.Core.Proxy;

/// <summary>Opens sockets to nodes; out of descriptors, it takes that of a connection that nobody uses.</summary>
internal sealed class SocketOpener(ProxyLoop proxy)
{
    // What is given back here, another loop may take first.
    private const int AttemptsMax = 4;

    /// <param name="isShortage">It failed because this machine is short of something: not the node's fault.</param>
    /// <returns>False when it failed at once.</returns>
    public bool TryConnect(EndPoint endPoint, out NativeSocket socket, out bool isShortage)
    {
        ConnectResult result = NativeSocket.Connect(endPoint, out socket);
        for (int attempt = 1; result == ConnectResult.NoRoom && attempt < AttemptsMax && TryGiveBack(); attempt++)
        {
            result = NativeSocket.Connect(endPoint, out socket);
        }

        isShortage = result is ConnectResult.NoRoom or ConnectResult.NoPort;
        return result == ConnectResult.Started;
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

        if (proxy.IdleClients.Oldest is { IsReadable: false } client)
        {
            client.Close(reset: false);
            proxy.Counters.Add(Counter.IdleClientsClosedForRoom);
            return true;
        }

        return false;
    }
}
