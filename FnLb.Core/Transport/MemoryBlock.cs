using System.Buffers;

namespace FnLb.Core.Transport;

/// <summary>A pinned buffer of a <see cref="LoopMemoryPool"/>; disposing it returns it.</summary>
internal sealed class MemoryBlock(LoopMemoryPool pool, int bytes) : ReadOnlySequenceSegment<byte>, IMemoryOwner<byte>
{
    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);

    Memory<byte> IMemoryOwner<byte>.Memory => Bytes;

    /// <summary>The block after this one, while they hold one stream of bytes.</summary>
    public MemoryBlock? Following { get; private set; }

    /// <summary>Ends this block at what it holds and lets the stream go on in another.</summary>
    public void Continue(int heldBytes, MemoryBlock following)
    {
        Memory = Bytes.AsMemory(0, heldBytes);
        following.Memory = following.Bytes;
        following.RunningIndex = RunningIndex + heldBytes;
        Following = following;
        Next = following;
    }

    public void Dispose()
    {
        Following = null;
        Next = null;
        RunningIndex = 0;
        pool.Return(this);
    }
}
