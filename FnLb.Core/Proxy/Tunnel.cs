using FnLb.Core.Http1;
using FnLb.Core.Transport;

namespace FnLb.Core.Proxy;

/// <summary>
/// After a 101: bytes pass both ways until each side has finished; one that finishes first still receives (RFC 9110
/// section 7.8).
/// </summary>
internal sealed class Tunnel(ProxyLoop proxy)
{
    private BodyRelay _up;
    private BodyRelay _down;

    public void Start()
    {
        _up.Begin(BodyFraming.UntilClose, 0, BodyFraming.UntilClose, default, heldHeadBytes: 0);
        _down.Begin(BodyFraming.UntilClose, 0, BodyFraming.UntilClose, default, heldHeadBytes: 0);
    }

    /// <summary>Moves what can be moved.</summary>
    /// <param name="isDone">Both sides have finished and everything has been handed over.</param>
    /// <returns>Whether anything moved.</returns>
    public bool Pump(ClientConnection client, NodeConnection node, out bool isDone)
    {
        bool moved = PumpSide(ref _up, client, node);
        moved |= PumpSide(ref _down, node, client);
        isDone = _up.IsDone && _down.IsDone && client.PendingBytes == 0 && node.PendingBytes == 0;
        return moved;
    }

    private bool PumpSide(ref BodyRelay relay, SocketChannel source, SocketChannel target)
    {
        if (relay.IsDone)
        {
            return false;
        }

        RelayStatus status = relay.Pump(source, target, proxy);
        target.Flush();
        if (status == RelayStatus.Done)
        {
            target.FinishSending();
            return true;
        }

        return status == RelayStatus.NeedsSource
            && source.IsReadable
            && source.Receive(relay.ReceiveBytes) != ReceiveResult.WouldBlock;
    }
}
