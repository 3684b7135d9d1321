using System.Buffers;

namespace FnLb.Core.Transport;

/// <summary>
/// The buffers of one event loop: small blocks for heads, large ones for bodies. Only the loop's thread may use it.
/// </summary>
/// <remarks>
/// Blocks are pinned, so that a system call does not have to; freed ones are kept up to a limit and the rest left to
/// the collector.
/// </remarks>
internal sealed class LoopMemoryPool : MemoryPool<byte>
{
    public const int SmallBlockBytes = 4 * 1024;
    public const int LargeBlockBytes = 32 * 1024;
    private const int SmallFreeMax = 2048;
    private const int LargeFreeMax = 64;

    private readonly Stack<Block> _small = new();
    private readonly Stack<Block> _large = new();

    public override int MaxBufferSize => LargeBlockBytes;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        bool isSmall = minBufferSize <= SmallBlockBytes;
        Stack<Block> free = isSmall ? _small : _large;
        return free.TryPop(out Block? block) ? block : new Block(this, isSmall ? SmallBlockBytes : LargeBlockBytes);
    }

    protected override void Dispose(bool disposing)
    {
        _small.Clear();
        _large.Clear();
    }

    private void Return(Block block)
    {
        bool isSmall = block.Memory.Length == SmallBlockBytes;
        Stack<Block> free = isSmall ? _small : _large;
        if (free.Count < (isSmall ? SmallFreeMax : LargeFreeMax))
        {
            free.Push(block);
        }
    }

    private sealed class Block(LoopMemoryPool pool, int bytes) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);

        public void Dispose() => pool.Return(this);
    }
}
