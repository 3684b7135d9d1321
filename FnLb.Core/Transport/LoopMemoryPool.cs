using System.Buffers;

namespace FnLb.Core.Transport;

/// <summary>
/// The buffers of one event loop: small blocks for requests, medium ones for short bodies, large ones for answers and
/// long bodies. Only the loop's thread may use it.
/// </summary>
/// <remarks>
/// Blocks are pinned, so that a system call does not have to; freed ones are kept up to a limit and the rest left to
/// the collector.
/// </remarks>
internal sealed class LoopMemoryPool : MemoryPool<byte>
{
    public const int SmallBlockBytes = 4 * 1024;

    /// <summary>Most bodies: those that are held are not to take a large block each.</summary>
    public const int MediumBlockBytes = 16 * 1024;

    /// <summary>An answer of 64 KiB with its head, so that it takes one system call.</summary>
    public const int LargeBlockBytes = 68 * 1024;

    private readonly FreeBlocks _small = new(SmallBlockBytes, countMax: 2048);
    private readonly FreeBlocks _medium = new(MediumBlockBytes, countMax: 128);
    private readonly FreeBlocks _large = new(LargeBlockBytes, countMax: 64);

    public override int MaxBufferSize => LargeBlockBytes;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Take(minBufferSize);

    /// <summary>The smallest block that is enough, or a large one when none is; dispose it to return it.</summary>
    public MemoryBlock Take(int bytesWanted)
    {
        FreeBlocks free = Of(bytesWanted);
        return free.Blocks.TryPop(out MemoryBlock? block) ? block : new MemoryBlock(this, free.BlockBytes);
    }

    /// <summary>What <see cref="MemoryBlock.Dispose"/> does.</summary>
    public void Return(MemoryBlock block) => _ = Of(block.Bytes.Length).Blocks.TryPush(block);

    protected override void Dispose(bool disposing)
    {
        _small.Blocks.Clear();
        _medium.Blocks.Clear();
        _large.Blocks.Clear();
    }

    private FreeBlocks Of(int bytes) =>
        bytes <= SmallBlockBytes ? _small
        : bytes <= MediumBlockBytes ? _medium
        : _large;

    private sealed class FreeBlocks(int blockBytes, int countMax)
    {
        public int BlockBytes => blockBytes;

        public LoopStack<MemoryBlock> Blocks { get; } = new(countMax);
    }
}
