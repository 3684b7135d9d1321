using System.Buffers;

namespace FnLb.Core.Transport;

/// <summary>
/// The buffers of one event loop: small blocks for requests, large ones for answers and bodies. Only the loop's thread
/// may use it.
/// </summary>
/// <remarks>
/// Blocks are pinned, so that a system call does not have to; freed ones are kept up to a limit and the rest left to
/// the collector.
/// </remarks>
internal sealed class LoopMemoryPool : MemoryPool<byte>
{
    public const int SmallBlockBytes = 4 * 1024;

    /// <summary>An answer of 64 KiB with its head, so that it takes one system call.</summary>
    public const int LargeBlockBytes = 68 * 1024;

    private const int SmallFreeMax = 2048;
    private const int LargeFreeMax = 64;

    private readonly Stack<MemoryBlock> _small = new();
    private readonly Stack<MemoryBlock> _large = new();

    public override int MaxBufferSize => LargeBlockBytes;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Take(minBufferSize);

    /// <summary>A small block, or a large one when that is not enough; dispose it to return it.</summary>
    public MemoryBlock Take(int bytesWanted)
    {
        bool isSmall = bytesWanted <= SmallBlockBytes;
        Stack<MemoryBlock> free = isSmall ? _small : _large;
        return free.TryPop(out MemoryBlock? block)
            ? block
            : new MemoryBlock(this, isSmall ? SmallBlockBytes : LargeBlockBytes);
    }

    /// <summary>What <see cref="MemoryBlock.Dispose"/> does.</summary>
    public void Return(MemoryBlock block)
    {
        bool isSmall = block.Bytes.Length == SmallBlockBytes;
        Stack<MemoryBlock> free = isSmall ? _small : _large;
        if (free.Count < (isSmall ? SmallFreeMax : LargeFreeMax))
        {
            free.Push(block);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _small.Clear();
        _large.Clear();
    }
}
