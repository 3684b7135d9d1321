using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace FnLb.Core.Transport;

/// <summary>
/// Bytes that were received and not consumed, in blocks of a loop's pool; no block while there are no bytes.
/// </summary>
/// <remarks>
/// For the loop's thread alone, so without the locks of <see cref="System.IO.Pipelines.Pipe"/>: docs/adr/0003 has the
/// figures. A field of its channel, never copied.
/// </remarks>
internal struct ReceiveBuffer
{
    // What is left of a block is not worth a system call.
    private const int FreeBytesMin = 512;

    private MemoryBlock? _first;
    private MemoryBlock? _last;
    private int _start;
    private int _end;

    public long Bytes { get; private set; }

    /// <summary>All of it; valid until bytes are consumed.</summary>
    public readonly ReadOnlySequence<byte> Content =>
        _first is null ? ReadOnlySequence<byte>.Empty
        : _first == _last ? new ReadOnlySequence<byte>(_first.Bytes, _start, _end - _start)
        : new ReadOnlySequence<byte>(_first, _start, _last!, _end);

    /// <summary>All of it, when it is in one piece; valid until bytes are consumed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool TryGetSpan(out ReadOnlySpan<byte> content)
    {
        content = _first is { } first && first == _last ? first.Bytes.AsSpan(_start, _end - _start) : default;
        return _first == _last;
    }

    /// <summary>Room for bytes to come; <see cref="Advance"/> tells how many came, 0 included.</summary>
    /// <param name="bytesMax">The most to return, and the size to choose when a block has to be taken.</param>
    public Span<byte> Free(LoopMemoryPool memory, int bytesMax)
    {
        if (_last is null)
        {
            _first = _last = memory.Take(bytesMax);
            _start = _end = 0;
        }
        else if (_last.Bytes.Length - _end < Math.Min(bytesMax, FreeBytesMin))
        {
            MemoryBlock block = memory.Take(bytesMax);
            _last.Continue(_end, block);
            _last = block;
            _end = 0;
        }

        Span<byte> free = _last.Bytes.AsSpan(_end);
        return free.Length > bytesMax ? free[..bytesMax] : free;
    }

    public void Advance(int bytes)
    {
        _end += bytes;
        Bytes += bytes;
        if (Bytes == 0)
        {
            Clear();
        }
    }

    /// <summary>Gives up the first bytes.</summary>
    public void Consume(long bytes)
    {
        Debug.Assert(bytes >= 0 && bytes <= Bytes, "Only what is buffered can be consumed.");
        Bytes -= bytes;
        if (Bytes == 0)
        {
            Clear();
            return;
        }

        long left = _start + bytes;
        while (_first != _last && left >= _first!.Memory.Length)
        {
            MemoryBlock used = _first;
            left -= used.Memory.Length;
            _first = used.Following;
            used.Dispose();
        }

        _start = (int)left;
    }

    public void Clear()
    {
        Bytes = 0;
        while (_first is { } block)
        {
            _first = block.Following;
            block.Dispose();
        }

        _last = null;
    }
}
