using System.Collections.Concurrent;

namespace FnLb.Core.Telemetry;

/// <summary>Carries lines of the access log from the event loops to the thread that writes them.</summary>
/// <remarks>
/// Bounded by the chunks there are: a loop that gets none drops the line and counts it. Nothing waits for the disk.
/// </remarks>
/// <param name="loops">Event loops that log. Each busy one holds a chunk for a tenth of a second, whatever the disk
/// does.</param>
public sealed class AccessLogChannel(AccessLogFormat format, int loops)
{
    /// <summary>Holds some hundred lines; one write to the file.</summary>
    public const int ChunkBytes = 64 * 1024;

    private const int ChunksMin = 64;
    private const int ChunksPerLoop = 4;

    private readonly int _chunksMax = int.Max(ChunksMin, ChunksPerLoop * loops);
    private readonly ConcurrentBag<byte[]> _free = [];

    // Also the lock on itself, which nobody holds for longer than an entry takes.
    private readonly Queue<AccessLogChunk> _full = [];

    private bool _isComplete;
    private int _chunks;
    private long _dropped;
    private long _written;

    public AccessLogFormat Format { get; } = format;

    /// <summary>Lines that were lost because the writer was too slow, or could not write.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Lines that are in the file.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>Chunks that wait for the writer.</summary>
    public int Waiting
    {
        get
        {
            lock (_full)
            {
                return _full.Count;
            }
        }
    }

    public void CountDropped(int lines) => Interlocked.Add(ref _dropped, lines);

    /// <summary>On the writer's thread.</summary>
    public void CountWritten(int lines) => Volatile.Write(ref _written, _written + lines);

    /// <summary>An empty chunk, or null when all are being filled or waiting to be written.</summary>
    public byte[]? TryRent()
    {
        if (_free.TryTake(out byte[]? chunk))
        {
            return chunk;
        }

        if (Interlocked.Increment(ref _chunks) <= _chunksMax)
        {
            return new byte[ChunkBytes];
        }

        Interlocked.Decrement(ref _chunks);
        return null;
    }

    public void Return(byte[] chunk) => _free.Add(chunk);

    public void Hand(in AccessLogChunk chunk)
    {
        lock (_full)
        {
            if (!_isComplete)
            {
                _full.Enqueue(chunk);
                Monitor.Pulse(_full);
                return;
            }
        }

        CountDropped(chunk.Lines);
    }

    /// <summary>No more lines will come.</summary>
    public void Complete()
    {
        lock (_full)
        {
            _isComplete = true;
            Monitor.Pulse(_full);
        }
    }

    /// <summary>Takes away what the writer has not come to, and counts it as dropped.</summary>
    /// <returns>How many lines that were.</returns>
    public int Abandon()
    {
        int lines = 0;
        lock (_full)
        {
            while (_full.TryDequeue(out AccessLogChunk chunk))
            {
                lines += chunk.Lines;
            }
        }

        CountDropped(lines);
        return lines;
    }

    /// <summary>The writer's end: blocks its thread, and only that, until there is a chunk.</summary>
    /// <returns>False when all have been taken and no more will come.</returns>
    /// <remarks>A thread of the pool would look for work for longer than writing a chunk takes.</remarks>
    public bool Take(out AccessLogChunk chunk)
    {
        lock (_full)
        {
            while (_full.Count == 0 && !_isComplete)
            {
                Monitor.Wait(_full);
            }

            return _full.TryDequeue(out chunk);
        }
    }
}
