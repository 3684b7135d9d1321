namespace FnLb.Core.Telemetry;

/// <summary>Gathers the lines of one event loop into chunks; on its thread only.</summary>
public sealed class LoopAccessLog(AccessLogChannel queue)
{
    private const long HoldNanoseconds = 100_000_000;

    private byte[]? _chunk;
    private int _length;
    private int _lines;
    private long _sinceNanoseconds;

    public AccessLogFormat Format => queue.Format;

    public LogClock Clock { get; } = new(queue.Format, TimeProvider.System);

    /// <summary>Room for a line, to be followed by <see cref="Commit"/>.</summary>
    /// <param name="bytesMax">The longest the line can be; less than a chunk.</param>
    /// <returns>False when the line must be dropped; that is counted.</returns>
    public bool TryReserve(int bytesMax, long nowNanoseconds, out Span<byte> room)
    {
        if (_chunk is not null && _chunk.Length - _length < bytesMax)
        {
            Flush();
        }

        if (_chunk is null)
        {
            _chunk = queue.TryRent();
            _sinceNanoseconds = nowNanoseconds;
        }

        room = _chunk is null ? [] : _chunk.AsSpan(_length);
        if (_chunk is null)
        {
            queue.CountDropped(1);
        }

        return _chunk is not null;
    }

    /// <param name="bytes">How long the line is.</param>
    public void Commit(int bytes, long nowNanoseconds)
    {
        _length += bytes;
        _lines++;
        if (nowNanoseconds - _sinceNanoseconds >= HoldNanoseconds)
        {
            Flush();
        }
    }

    /// <summary>Hands over what there is.</summary>
    public void Flush()
    {
        if (_chunk is not { } chunk)
        {
            return;
        }

        if (_lines == 0)
        {
            queue.Return(chunk);
        }
        else
        {
            queue.Hand(new AccessLogChunk(chunk, _length, _lines));
        }

        _chunk = null;
        _length = 0;
        _lines = 0;
    }
}
