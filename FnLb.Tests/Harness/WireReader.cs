using System.Net.Sockets;
using System.Text;

namespace FnLb.Tests.Harness;

/// <summary>
/// Takes what a socket delivers apart by message element. Every wait ends at a deadline with what was seen so far.
/// </summary>
internal sealed class WireReader(Socket socket)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>Bytes that arrived and were not taken yet.</summary>
    public ReadOnlySpan<byte> Buffered => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Bytes that arrived so far, taken or not.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>Waits for more bytes.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="SocketException">The connection was reset.</exception>
    /// <exception cref="TimeoutException">Nothing came before the deadline.</exception>
    public async Task<bool> FillAsync(TimeSpan? deadline = null)
    {
        MakeRoom();
        using CancellationTokenSource expiry = new(deadline ?? Deadline);
        try
        {
            int count = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, expiry.Token);
            _end += count;
            BytesReceived += count;
            return count > 0;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"no bytes before the deadline; so far: {Encoding.Latin1.GetString(Buffered)}");
        }
    }

    /// <summary>Takes everything up to and including the delimiter.</summary>
    /// <returns>Null when the stream ended cleanly before the first byte.</returns>
    public async Task<byte[]?> ReadThroughAsync(byte[] delimiter)
    {
        int index;
        while ((index = Buffered.IndexOf(delimiter)) < 0)
        {
            if (!await FillAsync())
            {
                return Buffered.IsEmpty ? null : throw Cut();
            }
        }

        return Take(index + delimiter.Length);
    }

    public async Task<byte[]> ReadExactlyAsync(long count)
    {
        while (Buffered.Length < count)
        {
            if (!await FillAsync())
            {
                throw Cut();
            }
        }

        return Take((int)count);
    }

    public async Task<byte[]> ReadToEndAsync()
    {
        while (await FillAsync())
        {
        }

        return Take(Buffered.Length);
    }

    /// <summary>Drops what arrived and was not taken.</summary>
    /// <returns>How many bytes that was.</returns>
    public int Discard()
    {
        int count = _end - _start;
        _start = _end = 0;
        return count;
    }

    private byte[] Take(int count)
    {
        byte[] taken = Buffered[..count].ToArray();
        _start += count;
        return taken;
    }

    private EndOfStreamException Cut() =>
        new($"the stream ended within a message: {Encoding.Latin1.GetString(Buffered)}");

    private void MakeRoom()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }

        if (_end == _buffer.Length)
        {
            byte[] target = _start > 0 ? _buffer : new byte[_buffer.Length * 2];
            Buffered.CopyTo(target);
            _end -= _start;
            _start = 0;
            _buffer = target;
        }
    }
}
