using System.Collections.Concurrent;
using System.Threading.Channels;

namespace FnLb.Core.Telemetry;

/// <summary>Carries lines of the access log from the event loops to the thread that writes them.</summary>
/// <remarks>
/// Bounded by the chunks there are: a loop that gets none drops the line and counts it. Nothing waits for the disk.
/// </remarks>
public sealed class AccessLogChannel(AccessLogFormat format)
{
    /// <summary>Holds some hundred lines; one write to the file.</summary>
    public const int ChunkBytes = 64 * 1024;

    private const int ChunksMax = 64;

    private readonly ConcurrentBag<byte[]> _free = [];
    private readonly Channel<AccessLogChunk> _full =
        Channel.CreateUnbounded<AccessLogChunk>(new UnboundedChannelOptions { SingleReader = true });

    private int _chunks;
    private long _dropped;
    private long _written;

    public AccessLogFormat Format { get; } = format;

    /// <summary>Lines that were lost because the writer was too slow, or could not write.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Lines that are in the file.</summary>
    public long Written => Volatile.Read(ref _written);

    public void CountDropped(int lines) => Interlocked.Add(ref _dropped, lines);

    /// <summary>On the writer's thread.</summary>
    public void CountWritten(int lines) => Volatile.Write(ref _written, _written + lines);

    /// <summary>An empty chunk, or null when all are waiting to be written.</summary>
    public byte[]? TryRent()
    {
        if (_free.TryTake(out byte[]? chunk))
        {
            return chunk;
        }

        if (Interlocked.Increment(ref _chunks) <= ChunksMax)
        {
            return new byte[ChunkBytes];
        }

        Interlocked.Decrement(ref _chunks);
        return null;
    }

    public void Return(byte[] chunk) => _free.Add(chunk);

    public void Hand(in AccessLogChunk chunk)
    {
        if (!_full.Writer.TryWrite(chunk))
        {
            CountDropped(chunk.Lines);
        }
    }

    /// <summary>No more lines will come.</summary>
    public void Complete() => _full.Writer.TryComplete();

    /// <summary>The writer's end.</summary>
    public IAsyncEnumerable<AccessLogChunk> ReadAllAsync() => _full.Reader.ReadAllAsync();
}
