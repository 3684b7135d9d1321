namespace FnLb.Core.Transport;

/// <summary>Bytes that passed the sockets of one kind on one loop: written by its thread, read by any.</summary>
internal sealed class ByteMeter
{
    private long _received;
    private long _sent;

    public long Received => Volatile.Read(ref _received);

    public long Sent => Volatile.Read(ref _sent);

    public void AddReceived(int bytes) => _received += bytes;

    public void AddSent(int bytes) => _sent += bytes;
}
